package dev.selvedge.jmh.compare;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty's core server with a non-blocking handler, which runs on the selector's thread. */
final class JettyServer {

    private JettyServer() { }

    static void main() throws Exception {
        Server server = new Server();
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(true);
        configuration.setSendDateHeader(true);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(1024);
        connector.setIdleTimeout(300_000);
        server.addConnector(connector);
        server.setHandler(new Answering());
        server.start();
        Payload.ready(connector.getLocalPort());
    }

    /** Answers requests. */
    private static final class Answering extends Handler.Abstract.NonBlocking {

        private static final HttpField TEXT_TYPE = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Payload.TEXT_TYPE);
        private static final HttpField JSON_TYPE = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Payload.JSON_TYPE);

        private final byte[] text = Payload.textOctets();

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            return switch (Request.getPathInContext(request)) {
                case "/plaintext" -> answer(response, TEXT_TYPE, text, callback);
                case "/json" -> answer(response, JSON_TYPE, Payload.jsonOctets(), callback);
                default -> false;
            };
        }

        private static boolean answer(Response response, HttpField type, byte[] content, Callback callback) {
            response.getHeaders().add(type).put(HttpHeader.CONTENT_LENGTH, content.length);
            response.write(true, ByteBuffer.wrap(content), callback);
            return true;
        }
    }
}
