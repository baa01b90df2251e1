package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Refusal;
import java.io.IOException;

/** A request's body can't be read on, because of what the client sent or failed to send. */
public final class RefusedBodyException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why; its status is the answer if the application has none. */
    private final Refusal refusal;

    /**
     * Makes the exception.
     *
     * @param refusal why
     */
    public RefusedBodyException(Refusal refusal) {
        super(refusal.status() + ": " + refusal.reason());
        this.refusal = refusal;
    }

    /**
     * Returns why.
     *
     * @return the refusal
     */
    public Refusal refusal() {
        return refusal;
    }
}
