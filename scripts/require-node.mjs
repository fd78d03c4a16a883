// Fails with one clear line when the pinned Node is not the one that runs us.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `converge needs Node 24 or newer; this is ${process.versions.node}. ` +
      'In this repository the `node` devDependency brings it: run `npm ci` (install scripts allowed) and use `npm start`, `npm test` or `npx converge`.',
  );
  process.exit(1);
}
