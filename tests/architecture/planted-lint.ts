import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { ROOT } from './source-files.ts';

/** The house's own eslint.config.js, without the rules that need a whole program: fast, and blind to nothing else. */
function untypedLint(): ESLint {
  const { rules } = tseslint.configs.disableTypeChecked;
  return new ESLint({
    cwd: ROOT,
    overrideConfig: [
      {
        languageOptions: { parserOptions: { projectService: false, project: null } },
        rules: { ...rules, 'house/no-foreign-await': 'off' },
      },
    ],
  });
}

/** What lint says about this text, were it to lie at that path. */
export type PlantedLint = (text: string, at: string) => Promise<Linter.LintMessage[]>;

const through =
  (eslint: ESLint): PlantedLint =>
  async (text, at) => {
    const [result] = await eslint.lintText(text, { filePath: `${ROOT}${at}` });
    if (!result) throw new Error(`${at} is ignored by lint`);
    return result.messages;
  };

export const lintByText = (): PlantedLint => through(untypedLint());
export const lintWithTypes = (): PlantedLint => through(new ESLint({ cwd: ROOT }));
