package dev.selvedge.server.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.Refusal;
import dev.selvedge.server.http1.RefusalAnswer;
import dev.selvedge.server.http1.RequestHead;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What becomes of a call that has failed in a way that the application did not deal with. */
public final class FailedCall {

    private static final Answer INTERNAL_SERVER_ERROR = new Answer(500,
            FieldSection.of("Content-Type", "text/plain; charset=utf-8"),
            new Content.Octets("500 Internal Server Error\n".getBytes(US_ASCII)));

    private static final int CAUSES_MAX = 16;

    private FailedCall() { }

    /**
     * Returns the failure to read a body that an exception is, or that has caused it: such an exception is the client's
     * doing and no fault of the application.
     *
     * @param thrown what the application's code threw
     * @return a {@link RefusedBodyException}, a {@link ConnectionFailedException} or null
     */
    public static IOException failureBehind(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause instanceof RefusedBodyException || cause instanceof ConnectionFailedException) {
                return (IOException) cause;
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** Returns the answer where a file can't be sent: the application's error, or a want of the machine's. */
    static Answer answer(Shared shared, Path file, IOException cause) {
        if (cause instanceof NoSuchFileException || cause instanceof AccessDeniedException) {
            Log.error(file + " can't be sent", cause);
            return INTERNAL_SERVER_ERROR;
        }
        shared.trouble().report(Trouble.Kind.FILES, "files can't be sent, and their requests are answered 503: "
                + cause.getMessage());
        return RefusalAnswer.of(Refusal.TOO_BUSY);
    }

    /** Returns the answer where a file has changed each time before it could be sent. */
    static Answer fileKeepsChanging(Shared shared, Answer outdated) {
        shared.trouble().report(Trouble.Kind.FILES, "files can't be sent, and their requests are answered 503: "
                + ((Content.FileRange) outdated.content()).file() + " keeps changing");
        return RefusalAnswer.of(Refusal.TOO_BUSY);
    }

    static Answer answer(RequestHead head, Throwable cause) {
        if (failureBehind(cause) instanceof RefusedBodyException refused) {
            return RefusalAnswer.of(refused.refusal());
        }
        Log.error(head.method() + " " + head.target() + " failed", cause);
        return INTERNAL_SERVER_ERROR;
    }

    /** Logs that a streamed response had to be cut off, which its client sees, unless that has caused it. */
    static void logCutStream(RequestHead head, Throwable cause) {
        if (failureBehind(cause) == null) {
            Log.error("the response to " + head.method() + " " + head.target() + " was cut off, because its content"
                    + " could not be produced", cause);
        }
    }
}
