package dev.selvedge.clients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;

/** {@code java.net.http.HttpClient}. */
final class JdkClient implements Client {

    private final HttpClient client;
    private final Duration timeout;

    JdkClient(Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NORMAL).build();
    }

    @Override
    public Answer send(Call call) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri()).timeout(timeout)
                .expectContinue(call.expectContinue()).method(call.method(), publisher(call));
        call.headers().forEach(request::header);
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers().map(), response.body(), Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(e.toString());
        }
    }

    private static BodyPublisher publisher(Call call) {
        return call.body() == null ? BodyPublishers.noBody()
                : call.chunked() ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(call.body()))
                : BodyPublishers.ofByteArray(call.body());
    }

    @Override
    public boolean isTimeout(IOException failure) {
        return failure instanceof HttpTimeoutException;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
