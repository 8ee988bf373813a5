// Loaded before Vega, which takes random numbers from here to lay out word clouds: the same ones, so that a cloud looks
// the same each time it is drawn. The generator is the one of Park and Miller.
"use strict";

let last = 1;

function restartRandom() {
  last = 1;
}

Math.random = () => {
  last = (last * 48271) % 2147483647;
  return last / 2147483647;
};
