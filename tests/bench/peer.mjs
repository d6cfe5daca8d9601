// Measures @getodk/xforms-engine on the same forms. The engine wants a browser's DOM: jsdom lends it one, and the names
// of CommonJS that its parser's loader asks for.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { JSDOM } from 'jsdom';

const folder = process.argv[2];
globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = folder;
const { window } = new JSDOM('<html/>');
for (const name of ['DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document', 'Attr', 'Text', 'Comment', 'XMLDocument',
  'CDATASection', 'CharacterData', 'ProcessingInstruction', 'NodeFilter', 'XPathResult', 'File', 'Blob', 'FormData']) {
  globalThis[name] = window[name];
}
globalThis.window = window;
globalThis.document = window.document;
const { loadForm } = await import('@getodk/xforms-engine');

const opened = async (name) => {
  const form = await loadForm(readFileSync(`${folder}/${name}.xml`, 'utf8'), { missingResourceBehavior: 'BLANK' });
  if (form.status === 'failure') throw form.error;
  return form.createInstance().root;
};
const each = async (work, times, first = 0) => {
  const found = [];
  for (let number = first; number < first + times; number += 1) {
    const began = performance.now();
    await work(number);
    found.push(performance.now() - began);
  }
  return found;
};
const find = (node, reference) => {
  if (node.currentState.reference === reference) return node;
  for (const child of node.currentState.children ?? []) {
    const found = find(child, reference);
    if (found) return found;
  }
  return null;
};
// What a screen reads of every node.
const screen = (node) => {
  const state = node.currentState;
  if (!state.relevant) return 0;
  let seen = [state.label?.asString, state.value, state.readonly, state.required, node.validationState?.violation].length;
  for (const child of state.children ?? []) seen += screen(child);
  return seen;
};
const resident = () => { globalThis.gc(); return process.memoryUsage().rss / 1048576; };

const found = {};
const before = resident();
const long = await opened('long');
screen(long);
found.memory = [resident() - before];
found.load = await each(() => opened('long'), 5);
const sums = await opened('sums');
const number = find(sums, '/data/n');
const stroke = (value) => { number.setValue(String(value)); screen(sums); };
stroke(0);
found.keystroke = await each(stroke, 100, 1);
found.recompute = await each((value) => number.setValue(String(value)), 100, 1000);
const places = await opened('places');
find(places, '/data/district').selectValue('d1');
const upazila = find(places, '/data/upazila');
const union = find(places, '/data/union');
found.cascade = await each((value) => {
  upazila.selectValue(`u${value * 2 + 1}`);
  if (union.currentState.valueOptions.length !== 10) throw new Error('no unions');
}, 100);
const rows = await opened('rows');
const range = rows.currentState.children.find((node) => node.nodeType.startsWith('repeat-range'));
for (let row = 0; row < 98; row += 1) range.addInstances();
found.hundredth = await each(() => range.addInstances(), 5);
console.log(JSON.stringify(found));
process.exit(0);
