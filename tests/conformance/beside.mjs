// Plays forms on @getodk/xforms-engine and tells the state of every node after each step. The engine wants a browser's
// DOM: jsdom lends it one, and the names of CommonJS that its parser's loader asks for. The clock stands still.
import { readFileSync, writeFileSync } from 'node:fs';
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
const Running = Date;
const NOW = Running.parse(process.argv[3]);
globalThis.Date = class extends Running {
  constructor(...given) { super(...(given.length ? given : [NOW])); }
  static now() { return NOW; }
};
const { loadForm } = await import('@getodk/xforms-engine');

const isRange = (node) => (node.nodeType ?? '').startsWith('repeat-range');
const all = (node) => [node, ...(node.currentState.children ?? []).flatMap(all)];
const find = (root, reference, range = false) => all(root).find(
  (node) => node.currentState.reference === reference && isRange(node) === range);
const told = (node) => {
  const state = node.currentState;
  const facts = { rel: state.relevant, ro: state.readonly, req: state.required };
  if (isRange(node)) return { rel: state.relevant, count: state.children.length };
  if ('instanceValue' in state) facts.v = state.instanceValue;
  if (state.label) facts.label = state.label.asString;
  if (state.valueOptions) facts.choices = state.valueOptions.map((one) => [one.value, one.label.asString]);
  if (node.validationState && 'violation' in node.validationState) facts.bad = node.validationState.violation?.condition ?? '';
  return facts;
};
const seen = (root) => all(root).map((node) => [node.currentState.reference + (isRange(node) ? '#' : ''), told(node)]);
const set = (node, value) => {
  if (node.nodeType === 'select') return 'selectValues' in node ? node.selectValues(value.split(' ').filter(Boolean)) : node.selectValue(value || null);
  if (node.nodeType === 'rank') return node.setValues(value.split(' ').filter(Boolean));
  return node.setValue(value);
};
const steps = {
  set: (root, { ref, value }) => set(find(root, ref), value),
  add_repeat: (root, { ref }) => find(root, ref, true).addInstances(),
  remove_repeat: (root, { ref }) => {
    const [, range, place] = /^(.*)\[(\d+)\]$/.exec(ref);
    find(root, range, true).removeInstances(Number(place) - 1);
  },
  set_language: (root, { lang }) => root.setLanguage(root.languages.find((one) => one.language === lang)),
};

const played = [];
for (const { xml, plays } of JSON.parse(readFileSync(`${folder}/plays.json`, 'utf8'))) {
  const states = [];
  try {
    const form = await loadForm(xml, { missingResourceBehavior: 'BLANK' });
    if (form.status === 'failure') throw form.error;
    const { root } = form.createInstance();
    states.push(seen(root));
    for (const step of plays) {
      steps[step.op](root, step);
      states.push(seen(root));
    }
  } catch (error) {
    states.push(`${error.message}`.slice(0, 200));
  }
  played.push(states);
}
writeFileSync(`${folder}/states.json`, JSON.stringify(played));
process.exit(0);
