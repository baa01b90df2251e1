/**
 * An embeddable HTTP/1.1 server without runtime dependencies.
 *
 * <p>{@link dev.selvedge.server.HttpServer} is the place to begin.
 */
module dev.selvedge.server {
    requires static java.net.http;
    requires static jdk.jfr;

    exports dev.selvedge.server;
    exports dev.selvedge.server.fake;
    exports dev.selvedge.server.files;
    exports dev.selvedge.server.transport;

    uses dev.selvedge.server.transport.TransportProvider;

    provides dev.selvedge.server.transport.TransportProvider
            with dev.selvedge.server.transport.nio.NioTransportProvider;
}
