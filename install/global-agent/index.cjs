// The install script of onnxruntime-node begins with this call, and would go on to download libraries for graphics cards.
// Newer versions of npm do not run the script at all (allowScripts in package.json); older ones come here (overrides).
exports.bootstrap = () => {
  process.env.ONNXRUNTIME_NODE_INSTALL ??= 'skip';
};
