package dev.selvedge.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;

/** {@code java.net.HttpURLConnection}. */
final class UrlConnectionClient implements Client {

    private final int timeoutMillis;

    UrlConnectionClient(Duration timeout) {
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
    }

    @Override
    public Answer send(Call call) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) call.uri().toURL().openConnection();
        connection.setConnectTimeout(timeoutMillis);
        connection.setReadTimeout(timeoutMillis);
        connection.setRequestMethod(call.method());
        call.headers().forEach(connection::setRequestProperty);
        if (call.body() != null) {
            sendBody(connection, call);
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            byte[] body = in == null ? new byte[0] : in.readAllBytes();
            return new Answer(status, connection.getHeaderFields(), body, Map.of());
        }
    }

    private static void sendBody(HttpURLConnection connection, Call call) throws IOException {
        connection.setDoOutput(true);
        if (call.expectContinue()) {
            connection.setRequestProperty("Expect", "100-continue");
        }
        if (call.chunked()) {
            connection.setChunkedStreamingMode(0);
        } else if (call.expectContinue()) {
            connection.setFixedLengthStreamingMode(call.body().length);     // else it does not wait to be told
        }
        try (OutputStream out = connection.getOutputStream()) {
            out.write(call.body());
        }
    }

    @Override
    public boolean isTimeout(IOException failure) {
        return failure instanceof SocketTimeoutException;
    }

    @Override
    public void close() {
        // its connections belong to the JVM
    }
}
