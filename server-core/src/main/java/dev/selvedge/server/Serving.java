package dev.selvedge.server;

import dev.selvedge.server.engine.Application;
import dev.selvedge.server.engine.Call;
import dev.selvedge.server.engine.FailedCall;
import dev.selvedge.server.engine.Peer;
import dev.selvedge.server.engine.RefusedBodyException;
import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Refusal;
import dev.selvedge.server.http1.RefusalAnswer;
import dev.selvedge.server.http1.Refused;
import dev.selvedge.server.http1.RequestHead;
import dev.selvedge.server.http1.TargetForm;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.util.function.Consumer;

/** What the engine serves: the handler of a server, and an answer where that has none. */
final class Serving implements Application {

    private static final Answer INTERNAL_SERVER_ERROR = Response.error(500).answer();

    /** For a client that is not there any more. */
    private static final Answer NOBODY_LISTENS = Response.error(400).answer();

    private static final int MAX_LOGGED_TARGET = 500;

    private final Destination destination;
    private final ExceptionHandler exceptionHandler;
    private final Consumer<RefusedRequest> refusalHook;
    private volatile boolean stopping;

    /**
     * Makes what is served.
     *
     * @param handler answers all requests
     * @param maxBodyBytes the limit for handlers without one
     * @param exceptionHandler or null
     * @param refusalHook sees what was refused
     */
    Serving(Handler handler, long maxBodyBytes, ExceptionHandler exceptionHandler,
            Consumer<RefusedRequest> refusalHook) {
        MarkedHandler marked = MarkedHandler.of(handler);
        long limit = marked.maxBodyBytes() == MarkedHandler.NO_OWN_LIMIT ? maxBodyBytes : marked.maxBodyBytes();
        this.exceptionHandler = exceptionHandler;
        this.refusalHook = refusalHook;
        this.destination = marked.handler() instanceof Router router
                ? router.tree(Layers.NONE, 0, marked.nonBlocking(), limit)
                : new Route(PathParameters.NONE, marked.handler(), Layers.NONE.aroundAttempt(marked.handler()),
                        !marked.nonBlocking(), limit, 0, false, true);
    }

    /** Tells that handlers are about to be interrupted, which is no error of theirs. */
    void stopping() {
        stopping = true;
    }

    @Override
    public Call choose(RequestHead head, Peer peer) {
        byte[] canonicalPath = Request.canonicalPath(head);
        boolean asterisk = head.form() == TargetForm.ASTERISK;
        Route route = canonicalPath == null
                ? destination.select(head.method(), head.octets(), head.pathFrom(), head.pathTo(), asterisk)
                : destination.select(head.method(), canonicalPath, 0, canonicalPath.length, asterisk);
        return new Exchange(this, head, peer, canonicalPath, route);
    }

    @Override
    public void refused(Refused request, Peer peer) {
        Refusal refusal = request.refusal();
        try {
            refusalHook.accept(new RefusedRequest(peer.remoteAddress(), refusal.status(), refusal.reason(),
                    request.firstOctets()));
        } catch (RuntimeException | Error e) {
            System.getLogger("dev.selvedge.server").log(Level.ERROR, "the hook for refused requests failed", e);
        }
    }

    /** Returns the answer where a handler has returned null. */
    Answer afterNull(Request request) {
        return afterFailure(request, new IllegalStateException("the handler returned null for " + describe(request)));
    }

    /** Returns the answer where a handler has thrown something, and logs it if it is an error of ours. */
    Answer afterFailure(Request request, Throwable thrown) {
        IOException failure = FailedCall.failureBehind(thrown);
        if (failure instanceof RefusedBodyException refused) {
            return RefusalAnswer.of(refused.refusal());
        }
        if (failure != null) {
            return NOBODY_LISTENS;
        }
        if (stopping && isInterruption(thrown)) {
            return RefusalAnswer.of(Refusal.TOO_BUSY);
        }
        Throwable unanswered = thrown;
        if (exceptionHandler != null && thrown instanceof Exception exception) {
            try {
                Response response = exceptionHandler.handle(request, exception);
                if (response != null) {
                    return response.answer();
                }
                thrown.addSuppressed(new IllegalStateException("the exception handler returned null"));
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                if (e != thrown) {
                    e.addSuppressed(thrown);
                }
                unanswered = e;
            }
        }
        System.getLogger("dev.selvedge.server").log(Level.ERROR, describe(request) + " failed", unanswered);
        return INTERNAL_SERVER_ERROR;
    }

    private static boolean isInterruption(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (cause instanceof InterruptedException || cause instanceof ClosedByInterruptException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String describe(Request request) {
        String target = request.target();
        return request.method() + " "
                + (target.length() > MAX_LOGGED_TARGET ? target.substring(0, MAX_LOGGED_TARGET) + "…" : target);
    }
}
