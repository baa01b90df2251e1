package dev.selvedge.server.fake;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The verifications that somebody has begun and not yet asked, by thread: that a handler calls the server meanwhile is
 * no sign of forgetting.
 */
final class Unasked {

    private final Map<Thread, Verification> verifications = new ConcurrentHashMap<>();

    void begun(Verification verification) {
        verifications.put(Thread.currentThread(), verification);
    }

    void asked(Verification verification) {
        verifications.remove(Thread.currentThread(), verification);
    }

    /** Returns a complaint, once, if the current thread has left a verification behind; else null. */
    String complaint() {
        Verification left = verifications.remove(Thread.currentThread());
        return left == null ? null : left + " has verified nothing: end it with now() or within(time)";
    }
}
