// Hands ESC/POS bytes (stdin) to the npm package npos and tells what it finds: every command, and every raster's dots.
'use strict';
const npos = require(process.argv[2]);
const raw = require('fs').readFileSync(0);

npos.parser().parse(raw).then((found) => {
  if (found.error) throw found.error;
  const { decode } = found.entries.find((entry) => entry.type === 'raster').codec;
  const told = found.tree.map((node) => {
    const command = `${node.ascii} ${node.fn}`;
    if (command !== 'GS v0') return { command };
    const picture = decode(raw, [{ offset: node.offset }]);
    let dots = '';
    for (let y = 0; y < picture.height; y++) {
      for (let x = 0; x < picture.width; x++) dots += picture.getPixel(x, y) === 0 ? '1' : '0';
    }
    return { command, width: picture.width, height: picture.height, dots };
  });
  process.stdout.write(JSON.stringify(told));
}).catch((error) => { process.stderr.write(`${error}\n`); process.exit(1); });
