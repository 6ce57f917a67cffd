-- What wrk sends as a flood of beacons: each a view of its own, of a visitor of its own, on some post.
-- Arguments after `--`: the post; how many milliseconds a connection rests between two of them, on average: by chance, as
-- connections that all rest alike soon send all at once; and which flood this is, as each has views of its own.

local post, rest, sent = "1", 10, 0
local said = { ["Sec-Fetch-Site"] = "same-origin", ["Referer"] = "https://127.0.0.1/" }

function init(arguments)
  post, rest = arguments[1], tonumber(arguments[2])
  sent = 1000000 * tonumber(arguments[3])
end

function delay()
  return math.floor(0.5 - rest * math.log(1 - math.random()))
end

function request()
  sent = sent + 1
  -- many people, few kinds of browsers; who they are a proxy says
  said["User-Agent"] = string.format("Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/140.0", sent % 300)
  said["X-Forwarded-For"] = string.format("100.%d.%d.%d", sent / 65536 % 256, sent / 256 % 256, sent % 256)
  -- by two: the last bit of a view's number is left out
  local body = string.format("k=view&s=post%%3A%s&v=%016x&r=https%%3A%%2F%%2Fnews.example%%2F", post, 2 * sent + 2)
  return wrk.format("POST", "/e", said, body)
end
