// Which proxy a browser asks (written by `portreeve setup`). There is no "DIRECT" behind the proxy: where it is away, pages wait, as the
// council chose; a browser that went past it would be told nothing and see no page.
function FindProxyForURL(url, host) {
    host = host.toLowerCase();
    if (isPlainHostName(host) || host === "localhost" || host === "127.0.0.1") {
        return "DIRECT";
    }
    if (host === "@portal@") { // by the proxy, which says who asks
        return "PROXY @proxy-name@:@proxy-port@";
    }
    var own = [@own-names-js@];
    for (var i = 0; i < own.length; i++) {
        if (own[i].charAt(0) === "." ? dnsDomainIs(host, own[i]) || host === own[i].substring(1) : host === own[i]) {
            return "DIRECT";
        }
    }
    return "PROXY @proxy-name@:@proxy-port@";
}
