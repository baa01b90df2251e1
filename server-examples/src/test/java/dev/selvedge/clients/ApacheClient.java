package dev.selvedge.clients;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Apache HttpClient 5, the classic one. */
final class ApacheClient implements Client {

    private final CloseableHttpClient client;
    private final RequestConfig settings;

    ApacheClient(Duration timeout) {
        Timeout millis = Timeout.ofMilliseconds(timeout.toMillis());
        this.settings = RequestConfig.custom().setResponseTimeout(millis).build();
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(millis)
                                .setSocketTimeout(millis).build())
                        .build())
                // as by default it repeats once; but not after a second, for which no test wants to wait
                .setRetryStrategy(new DefaultHttpRequestRetryStrategy(1, TimeValue.ofMilliseconds(10)))
                .build();
    }

    @Override
    public Answer send(Call call) throws IOException {
        ClassicRequestBuilder request = ClassicRequestBuilder.create(call.method()).setUri(call.uri());
        call.headers().forEach(request::addHeader);
        if (call.body() != null) {
            request.setEntity(new ByteArrayEntity(call.body(), null, call.chunked()));
        }
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(RequestConfig.copy(settings).setExpectContinueEnabled(call.expectContinue()).build());
        return client.execute(request.build(), context, ApacheClient::answer);
    }

    private static Answer answer(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        byte[] body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
        List<? extends Header> trailers = entity == null || entity.getTrailers() == null ? List.of()
                : entity.getTrailers().get();
        return new Answer(response.getCode(), byName(List.of(response.getHeaders())), body,
                byName(trailers == null ? List.of() : trailers));
    }

    private static Map<String, List<String>> byName(List<? extends Header> lines) {
        Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header line : lines) {
            values.computeIfAbsent(line.getName(), name -> new ArrayList<>()).add(line.getValue());
        }
        return values;
    }

    @Override
    public boolean isTimeout(IOException failure) {
        return failure instanceof InterruptedIOException;
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
