package dev.selvedge.clients;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/** OkHttp. */
final class OkHttpClientOfSquare implements Client {

    private final OkHttpClient client;

    OkHttpClientOfSquare(Duration timeout) {
        this.client = new OkHttpClient.Builder().connectTimeout(timeout).readTimeout(timeout).writeTimeout(timeout)
                .callTimeout(timeout).build();
    }

    @Override
    public Answer send(Call call) throws IOException {
        Request.Builder request = new Request.Builder().url(call.uri().toURL())
                .method(call.method(), call.body() == null ? null : new Body(call));
        call.headers().forEach(request::header);
        if (call.expectContinue()) {
            request.header("Expect", "100-continue");
        }
        try (Response response = client.newCall(request.build()).execute()) {
            byte[] body = response.body().bytes();
            return new Answer(response.code(), response.headers().toMultimap(), body,
                    response.trailers().toMultimap());
        }
    }

    @Override
    public boolean isTimeout(IOException failure) {
        return failure instanceof InterruptedIOException;
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdownNow();
        client.connectionPool().evictAll();
    }

    private static final class Body extends RequestBody {

        private final Call call;

        Body(Call call) {
            this.call = call;
        }

        @Override
        public MediaType contentType() {
            return null;        // it is among the call's header lines
        }

        @Override
        public long contentLength() {
            return call.chunked() ? -1 : call.body().length;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(call.body());
        }
    }
}
