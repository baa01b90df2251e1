package dev.selvedge.server;

import dev.selvedge.server.engine.BodyInMemory;
import dev.selvedge.server.engine.BodySource;
import dev.selvedge.server.engine.Call;
import dev.selvedge.server.engine.Peer;
import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
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
    private Request request;
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
    public boolean prompt() {
        return route.attempt() != null;
    }

    @Override
    public Answer tryAnswer() {
        request = request(BodyInMemory.empty());
        try {
            Response response = route.attempt().handle(request);
            return response == null ? null : response.answer();
        } catch (Throwable e) {
            return afterFailure(e);
        }
    }

    @Override
    public Answer answer(BodySource body) {
        request = request == null ? request(body) : request;
        try {
            return answer(route.handler().handle(request));
        } catch (Throwable e) {
            return afterFailure(e);
        }
    }

    @Override
    public Answer answerInstead(Content.FileRange file) {
        try {
            return answer(((WhileUnchanged) file.expectation()).otherwise().call());
        } catch (Throwable e) {
            return afterFailure(e);
        }
    }

    private Request request(BodySource body) {
        return new Request(head, peer, body, canonicalPath, route.parameters(), route.mountOctets());
    }

    private Answer answer(Response response) {
        return response != null ? response.answer() : serving.afterNull(request);
    }

    private Answer afterFailure(Throwable thrown) {
        if (thrown instanceof VirtualMachineError error) {
            throw error;
        }
        return abandoned ? NOT_WANTED : serving.afterFailure(request, thrown);
    }
}
