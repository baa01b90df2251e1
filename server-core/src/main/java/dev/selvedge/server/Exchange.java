package dev.selvedge.server;

import dev.selvedge.server.engine.BodySource;
import dev.selvedge.server.engine.Call;
import dev.selvedge.server.engine.Peer;
import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Refusal;
import dev.selvedge.server.http1.RefusalAnswer;
import dev.selvedge.server.http1.RequestHead;

/** One request on its way to its handler. */
final class Exchange implements Call {

    private static final Answer NOT_WANTED = RefusalAnswer.of(Refusal.HANDLER_TIMEOUT);

    private final Serving serving;
    private final RequestHead head;
    private final Peer peer;
    private final byte[] canonicalPath;
    private final Route route;
    private volatile boolean abandoned;

    Exchange(Serving serving, RequestHead head, Peer peer, byte[] canonicalPath, Route route) {
        this.serving = serving;
        this.head = head;
        this.peer = peer;
        this.canonicalPath = canonicalPath;
        this.route = route;
    }

    @Override
    public boolean blocking() {
        return route.blocking();
    }

    @Override
    public boolean readsBody() {
        return route.readsBody();
    }

    @Override
    public long maxBodyBytes() {
        return route.maxBodyBytes();
    }

    @Override
    public void abandon() {
        abandoned = true;
    }

    @Override
    public Answer answer(BodySource body) {
        Request request = new Request(head, peer, body, canonicalPath, route.parameters(), route.mountOctets());
        try {
            Response response = route.handler().handle(request);
            return response != null ? response.answer() : serving.afterNull(request);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return abandoned ? NOT_WANTED : serving.afterFailure(request, e);
        }
    }
}
