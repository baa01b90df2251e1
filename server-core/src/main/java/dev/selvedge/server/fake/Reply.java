package dev.selvedge.server.fake;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Response;
import java.util.Objects;

/** What a {@link FakeServer} answers one request with. Immutable: it can be used any number of times. */
public final class Reply {

    private final Handler handler;
    private final String text;

    private Reply(Handler handler, String text) {
        this.handler = handler;
        this.text = text;
    }

    /**
     * Returns a reply that is a response.
     *
     * @param response what is sent
     * @return the reply
     */
    public static Reply of(Response response) {
        Objects.requireNonNull(response, "response");
        return new Reply(request -> response, response.toString());
    }

    /**
     * Returns a reply that is made when the request is there. It may wait: every call runs on a thread of its own, and
     * is interrupted when the server is closed. The request's body has been read, and has the path parameters of the
     * rule; what the handler throws is told to the client (500) and by {@link FakeServer#assertNoUnmatched()}.
     *
     * @param handler makes the response
     * @return the reply
     */
    public static Reply of(Handler handler) {
        Objects.requireNonNull(handler, "handler");
        return new Reply(handler, "a handler");
    }

    Handler handler() {
        return handler;
    }

    /** Returns what is sent, in short. */
    @Override
    public String toString() {
        return text;
    }
}
