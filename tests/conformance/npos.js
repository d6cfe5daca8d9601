// Hands ESC/POS bytes (stdin) to the npm package npos and tells what it finds: every command, and every raster's dots.
'use strict';
const npos = require(process.argv[2]);
const raster = require(`${process.argv[2]}/lib/codecs/raster`);
const raw = require('fs').readFileSync(0);

const { error, tree } = npos.parser().analyze(raw);
if (error) throw error;
const told = tree.map((node) => {
  const command = `${node.ascii} ${node.fn}`.replace('v0', 'v 0');
  if (command !== 'GS v 0') return { command };
  const picture = raster.decode(raw, [{ offset: node.offset }]);
  let dots = '';
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) dots += picture.getPixel(x, y) === 0 ? '1' : '0';
  }
  return { command, width: picture.width, height: picture.height, dots };
});
process.stdout.write(JSON.stringify(told));
