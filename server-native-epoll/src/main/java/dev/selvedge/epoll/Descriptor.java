package dev.selvedge.epoll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A descriptor that is closed only when nobody uses it.
 *
 * <p>The kernel gives a closed number to the next file that is opened. A thread that still uses the number then would
 * send one client's bytes to another. So a user says when it begins and ends, and whoever is last calls close(2):
 *
 * <pre>
 *                acquire                    release
 *     OPEN, 0 users <----------> OPEN, n users
 *        |                          |
 *        | retire: true             | retire: false
 *        v                          v            release of the last user: true
 *     RETIRED, 0 users <------- RETIRED, n users
 * </pre>
 */
final class Descriptor {

    private static final int RETIRED = 1;
    private static final int USER = 2;
    private static final VarHandle STATE = stateHandle();

    private final int number;
    /** {@code n * USER}, plus {@code RETIRED}. */
    private volatile int state;

    Descriptor(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Begins a use of the number, unless the descriptor is retired. */
    boolean acquire() {
        for (;;) {
            int seen = state;
            if ((seen & RETIRED) != 0) {
                return false;
            }
            if (STATE.compareAndSet(this, seen, seen + USER)) {
                return true;
            }
        }
    }

    /** Ends a use. If it answers true, the caller closes the number. */
    boolean release() {
        int before = (int) STATE.getAndAdd(this, -USER);
        assert before >= USER : "release without acquire";
        return before == USER + RETIRED;
    }

    /** Lets no use begin any more. If it answers true, the caller closes the number; otherwise the last user will. */
    boolean retire() {
        return (int) STATE.getAndBitwiseOr(this, RETIRED) == 0;
    }

    private static VarHandle stateHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Descriptor.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
