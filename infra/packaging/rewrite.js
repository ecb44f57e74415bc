// Which file of the pages' bucket an address means. Runs in CloudFront (cloudfront-js-2.0) before the cache is asked.
// CONTENT is put in when the template is made: the expressions of pages' addresses, and the keys of all files.
var CONTENT = __CONTENT__;
var DETAIL = 'There is nothing at this address.';

function nothing(requestId) {
  var problem = { type: '/docs#not-found', title: 'Not found', status: 404, detail: DETAIL, correlation_id: requestId };
  return {
    statusCode: 404,
    statusDescription: 'Not Found',
    headers: { 'content-type': { value: 'application/problem+json' }, 'cache-control': { value: 'no-store' } },
    body: JSON.stringify(problem),
  };
}

function handler(event) {
  var request = event.request;
  if (CONTENT.files.indexOf(request.uri) >= 0) {
    return request;
  }
  for (var i = 0; i < CONTENT.pages.length; i++) {
    if (new RegExp(CONTENT.pages[i][0]).test(request.uri)) {
      request.uri = CONTENT.pages[i][1];
      return request;
    }
  }
  return nothing(event.context.requestId);
}
