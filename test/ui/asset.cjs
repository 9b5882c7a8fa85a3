// Stands for every picture and font: its address.
module.exports = 'asset';
