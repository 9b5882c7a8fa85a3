// jsdom with the web APIs of Node, which jsdom either lacks or implements so that Backstage's clients do not take them.
const { default: JsdomEnvironment } = require('@jest/environment-jsdom-abstract');
const jsdom = require('jsdom');

module.exports = class BrowserEnvironment extends JsdomEnvironment {
  constructor(config, context) {
    super(config, context, jsdom);
    Object.assign(this.global, {
      ...{ TextDecoder, TextEncoder, TextDecoderStream, TextEncoderStream },
      ...{ ReadableStream, WritableStream, TransformStream, BroadcastChannel },
      ...{ Blob, Headers, FormData, Request, Response, fetch, AbortController, AbortSignal, URL, URLSearchParams },
      structuredClone,
      // errors thrown by the above must be instances of the tests' own Error
      Error,
    });
  }
};
