/** What the bundler tells of a module, as far as it is asked here. */
interface ModuleFacts {
  /** Modules that import it statically. */
  readonly importers: readonly string[];
}

interface ModuleGraph {
  getModuleInfo(id: string): ModuleFacts | null;
}

interface ChunkGroup {
  readonly name: (id: string, graph: ModuleGraph) => string | null;
  readonly priority: number;
}

const HOME = [
  '/src/routes/+layout.svelte',
  '/src/hooks.client.ts',
  '/src/routes/(field)/+layout.svelte',
  '/src/routes/(field)/(work)/+layout.svelte',
  '/src/routes/(field)/(work)/today/+page.svelte',
];
/** Pieces that the office's pages share with home: apart, so that they do not load a phone. */
const SHARED = /\/src\/(lib\/(ui|kernel|messages)\/|routes\/\+layout)/;
const FRAMEWORK = /\/node_modules\/(svelte|@sveltejs\/kit|devalue|esm-env|clsx)\//;
/** Parts of it that forms and office pages alone ask for. */
const NOT_ON_HOME =
  /\/(app\/forms|bindings\/(select|input|props|shared)|reactivity\/(map|set|date)|blocks\/(svelte-element|key|css-props))\.js/;
const ICONS = /\/@lucide\/svelte\//;
/** Those that home and its frame show. One that is missing here is only loaded with all the others. */
const HOME_ICONS =
  /\/dist\/(?!icons\/)|icons\/(house|file-text|ellipsis|check|send|check-check|circle-alert|wifi-off|chevron-left|chevron-right|x|cloud-upload|triangle-alert|info|zap|book-open|menu|inbox|refresh-cw)\./;

/** Does home, or what home imports, import this module? Walked upwards; a dynamic import is another matter. */
function homeWalk(): (id: string, graph: ModuleGraph) => boolean {
  const known = new Map<string, boolean>();
  const reaches = (id: string, graph: ModuleGraph): boolean => {
    const standing = known.get(id);
    if (standing !== undefined) return standing;
    known.set(id, false);
    const found =
      HOME.some((page) => id.endsWith(page)) ||
      (graph.getModuleInfo(id)?.importers ?? []).some((importer) => reaches(importer, graph));
    known.set(id, found);
    return found;
  };
  return reaches;
}

/**
 * Left to itself the bundler makes a chunk for every set of pages that share a module: home would come in seventy files,
 * each compressed alone. Here it comes in four: the framework, the icons, what the office shares, and the phone.
 */
export function homeChunks(): ChunkGroup[] {
  const isHome = homeWalk();
  const ours = (id: string, graph: ModuleGraph): boolean =>
    id.includes('/src/') && !id.includes('/node_modules/') && isHome(id, graph);
  const isShared = (id: string, graph: ModuleGraph): boolean =>
    ICONS.test(id) ? HOME_ICONS.test(id) : SHARED.test(id) && ours(id, graph);
  return [
    { priority: 4, name: (id) => (FRAMEWORK.test(id) && !NOT_ON_HOME.test(id) ? 'framework' : null) },
    { priority: 3, name: (id, graph) => (isShared(id, graph) ? 'shared' : null) },
    { priority: 2, name: (id, graph) => (id.includes('/dexie/') || ours(id, graph) ? 'home' : null) },
    { priority: 1, name: (id) => (ICONS.test(id) ? 'icons' : null) },
  ];
}
