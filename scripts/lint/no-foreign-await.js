// Awaiting anything but Dexie inside a Dexie transaction lets IndexedDB close it: Chromium happens to survive
// `await crypto.subtle…`, Firefox and WebKit fail every time. So: seal and fetch first, then open the transaction.
// The rule follows calls through the types, across files, and reports the place inside the transaction.
import ts from 'typescript';

const MESSAGE =
  'Not inside a Dexie transaction: {{what}}. Firefox and WebKit close the transaction while it is awaited; do it before `.transaction(`.';

/** Deep enough for command → table file → one more step; deeper chains are a smell of their own. */
const MAX_DEPTH = 5;

/** Where a promise may come from: Dexie itself, and the language (`Promise.all`, `Promise.resolve`). */
const isHarmlessFile = (name) =>
  name.includes('/dexie/') || /\/typescript\/lib\/lib\.(es\d|esnext|decorators)/.test(name);

/** Time has no promise of its own, but waiting for it closes a transaction all the same. */
const WAITS = new Set([
  'setTimeout',
  'setInterval',
  'requestAnimationFrame',
  'requestIdleCallback',
  'queueMicrotask',
]);

/** @param {ts.TypeChecker} checker @param {ts.Type} type */
function isThenable(checker, type) {
  return type.isUnion()
    ? type.types.some((part) => isThenable(checker, part))
    : checker.getPropertyOfType(type, 'then') !== undefined;
}

const isDexiePromise = (type) => /^PromiseExtended\b/.test(type.symbol?.name ?? '');

function bodyOf(declaration) {
  if (ts.isFunctionLike(declaration) && declaration.body) return declaration.body;
  if (ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)) {
    const value = declaration.initializer;
    if (value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))) return value.body;
  }
  return undefined;
}

/** The declarations a call may run: through import aliases to where the function is written. */
function declarationsOf(checker, call) {
  const signature = checker.getResolvedSignature(call)?.declaration;
  let symbol = checker.getSymbolAtLocation(
    ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression,
  );
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  return [...new Set([...(symbol?.declarations ?? []), ...(signature ? [signature] : [])])];
}

/** What is wrong with this call, or null. */
function faultOfCall(checker, call, depth, seen) {
  const name = call.expression.getText();
  if (WAITS.has(name.replace(/^(globalThis|window|self)\./, ''))) return `\`${name}\``;
  const type = checker.getTypeAtLocation(call);
  const declarations = declarationsOf(checker, call);
  const bodies = declarations.map(bodyOf).filter((body) => body !== undefined);
  if (bodies.length > 0) {
    if (depth >= MAX_DEPTH) return null;
    for (const body of bodies) {
      const inner = faultIn(checker, body, depth + 1, seen);
      if (inner) return `\`${name}\`, through ${inner}`;
    }
    return null;
  }
  if (!isThenable(checker, type) || isDexiePromise(type)) return null;
  if (declarations.length > 0 && declarations.every((d) => isHarmlessFile(d.getSourceFile().fileName)))
    return null;
  return `\`${name}\``;
}

/** The first foreign promise anywhere in this piece of code. */
function faultIn(checker, body, depth, seen) {
  if (seen.has(body)) return seen.get(body);
  seen.set(body, null); // a function that calls itself adds nothing
  let fault = null;
  const visit = (node) => {
    if (fault) return;
    if (ts.isCallExpression(node)) fault = faultOfCall(checker, node, depth, seen);
    if (!fault) ts.forEachChild(node, visit);
  };
  visit(body);
  seen.set(body, fault);
  return fault;
}

const isTransaction = (node) =>
  node.callee.type === 'MemberExpression' &&
  node.callee.property.type === 'Identifier' &&
  node.callee.property.name === 'transaction';

/** @type {import('eslint').Rule.RuleModule} */
export const noForeignAwait = {
  meta: {
    type: 'problem',
    docs: { description: 'no promise but a Dexie one inside a Dexie transaction' },
    schema: [],
    messages: { foreign: MESSAGE },
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices;
    const checker = program.getTypeChecker();
    return {
      CallExpression(node) {
        if (!isTransaction(node)) return;
        const work = node.arguments.at(-1);
        if (!work || work.type === 'SpreadElement') return;
        const tsWork = esTreeNodeToTSNodeMap.get(work);
        const report = (what) => context.report({ node: work, messageId: 'foreign', data: { what } });
        if (work.type !== 'ArrowFunctionExpression' && work.type !== 'FunctionExpression') {
          const symbol = checker.getSymbolAtLocation(tsWork);
          const bodies = (symbol?.declarations ?? []).map(bodyOf).filter((body) => body !== undefined);
          for (const body of bodies) {
            const fault = faultIn(checker, body, 0, new Map());
            if (fault) report(fault);
          }
          return;
        }
        const seen = new Map();
        const visit = (tsNode) => {
          if (ts.isCallExpression(tsNode)) {
            const fault = faultOfCall(checker, tsNode, 0, seen);
            if (fault) {
              const at = context.sourceCode.parserServices.tsNodeToESTreeNodeMap.get(tsNode);
              context.report({ node: at ?? work, messageId: 'foreign', data: { what: fault } });
              return;
            }
          }
          ts.forEachChild(tsNode, visit);
        };
        visit(tsWork.body);
      },
    };
  },
};
