// Stands for every style sheet: a class is named as the source names it.
module.exports = new Proxy({}, { get: (_target, name) => (name === '__esModule' ? false : name) });
