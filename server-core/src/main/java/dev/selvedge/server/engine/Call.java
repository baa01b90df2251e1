package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;

/** One request, routed and ready to be answered. */
public interface Call {

    /**
     * Returns whether the answer may block. Then it is made on a virtual thread of its own, and the body is read as
     * it comes; else on the event loop, when the whole body is in memory. A client that waits for {@code 100
     * Continue} is not told before the body is asked for, so such a call, if it {@linkplain #readsBody() may depend on
     * the body}, is made on a virtual thread in any case.
     *
     * @return true for a virtual thread
     */
    boolean blocking();

    /**
     * Returns whether the answer may depend on the body. If it does not, a client that waits for {@code 100 Continue}
     * gets the answer instead, and what comes of the body is read away.
     *
     * @return false if the body is not needed
     */
    boolean readsBody();

    /**
     * Returns how large the body may be.
     *
     * @return octets, at least 0
     */
    long maxBodyBytes();

    /**
     * Returns whether an answer that may block can be tried before without. Only asked of a call that is
     * {@linkplain #blocking() blocking}.
     *
     * @return true if {@link #tryAnswer} is to be called first, where the request has no body
     */
    default boolean prompt() {
        return false;
    }

    /**
     * Makes the answer at once, on the event loop, if that is possible. Called at most once, before {@link #answer},
     * which is not called unless this returns null. Exceptions are treated as there.
     *
     * @return the answer, or null
     */
    default Answer tryAnswer() {
        return null;
    }

    /**
     * Makes another answer, because the file of the last one, of this call, is not what was expected of it. Called
     * on a virtual thread. Exceptions are treated as by {@link #answer}.
     *
     * @param file the content of the last answer, with an expectation
     * @return the answer, never null
     */
    default Answer answerInstead(Content.FileRange file) {
        throw new IllegalStateException("nothing is known in place of " + file.file());
    }

    /**
     * Makes the answer. Called once. An exception of the application is turned into an answer in here; what is
     * thrown all the same, {@link Error}s too, is logged by the engine and answered with 500.
     *
     * @param body the request's body
     * @return the answer, never null
     */
    Answer answer(BodySource body);

    /**
     * Tells that the answer is not wanted any more, because making it has taken too long; the thread that is about it
     * is interrupted next. Called on the event loop.
     */
    default void abandon() { }
}
