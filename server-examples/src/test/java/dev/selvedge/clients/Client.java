package dev.selvedge.clients;

import java.io.IOException;
import java.time.Duration;

/** An HTTP client as its users have it, in the few words that the tests need. */
sealed interface Client extends AutoCloseable
        permits JdkClient, UrlConnectionClient, CurlClient, OkHttpClientOfSquare, ApacheClient {

    /** Which clients there are. */
    enum Kind {

        /** {@code java.net.http.HttpClient}. */
        HTTP_CLIENT,

        /** {@code java.net.HttpURLConnection}. */
        URL_CONNECTION,

        /** The program curl. */
        CURL,

        /** OkHttp. */
        OKHTTP,

        /** Apache HttpClient 5, the classic one. */
        APACHE;

        /**
         * Makes a client with its usual settings.
         *
         * @param timeout for each of the timeouts that it has: of one exchange, or of reading and connecting
         */
        Client open(Duration timeout) {
            return switch (this) {
                case HTTP_CLIENT -> new JdkClient(timeout);
                case URL_CONNECTION -> new UrlConnectionClient(timeout);
                case CURL -> new CurlClient(timeout);
                case OKHTTP -> new OkHttpClientOfSquare(timeout);
                case APACHE -> new ApacheClient(timeout);
            };
        }

        /** Whether it uses a connection again; curl does so only within one run of the program. */
        boolean keepsConnections() {
            return this != CURL;
        }

        /** Whether it is the one of which {@link FaultsAndClientsTest}'s table tells. */
        boolean isAsInTheTable() {
            return switch (this) {
                case HTTP_CLIENT, URL_CONNECTION -> Runtime.version().feature() == 25;
                case CURL -> CurlClient.VERSION.startsWith("7.88.");
                case OKHTTP, APACHE -> true;
            };
        }

        /** Whether it hands on the lines behind a body. */
        boolean tellsTrailers() {
            return this == CURL || this == OKHTTP || this == APACHE;
        }
    }

    /**
     * Sends a request and reads the whole response, following redirects.
     *
     * @throws IOException if there is none, or not all of it
     */
    Answer send(Call call) throws IOException;

    /** Returns whether it was a timeout of the client's own that ended a call. */
    boolean isTimeout(IOException failure);

    @Override
    void close();
}
