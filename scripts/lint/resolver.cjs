'use strict';
// The one import resolver of the boundary rule. Imports here name their file in full (`./x.ts`, `$lib/room/x.ts`),
// so resolving is arithmetic on paths: no disk is read, and a planted file that does not exist is judged all the same.
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');

exports.interfaceVersion = 2;

/** @param {string} source @param {string} file */
exports.resolve = function resolve(source, file) {
  const bare = source.replace(/\?.*$/, ''); // `./icon.svg?raw` is the file icon.svg
  if (bare.startsWith('.')) return { found: true, path: path.resolve(path.dirname(file), bare) };
  if (bare === '$lib' || bare.startsWith('$lib/')) {
    return { found: true, path: path.join(ROOT, 'src/lib', bare.slice('$lib'.length)) };
  }
  return { found: false };
};
