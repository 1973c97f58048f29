-- Ten connections that wait 10 ms before each request: about 1,000 requests a second.
function delay()
  return 10
end
