package dev.selvedge.server.fake;

import dev.selvedge.server.Response;
import dev.selvedge.server.fake.Script.Choice;
import java.io.PrintWriter;
import java.io.StringWriter;

/** A fake server's script and journal from one {@linkplain FakeServer#reset() reset} to the next. */
final class Session {

    private final Script script = new Script();
    private final Journal journal = new Journal();
    private volatile boolean ended;

    Script script() {
        return script;
    }

    Journal journal() {
        return journal;
    }

    /**
     * Ends scripting and waiting; what was recorded stays.
     *
     * @param why for whoever goes on to script
     */
    void end(String why) {
        ended = true;
        script.end(why);
        journal.close();
    }

    /** Records a request that has not come whole, and that nothing answers. */
    void cut(RecordedRequest request) {
        journal.outcome(journal.add(request), "cut short by its client");
    }

    /** Records a request and answers it. */
    Response answer(RecordedRequest request) {
        Journal.Entry entry = journal.add(request);
        return switch (script.choose(request)) {
            case Choice.Unmatched unmatched -> {
                journal.trouble(entry, "unmatched", unmatched.explanation());
                yield text(404, unmatched.explanation());
            }
            case Choice.Answered answered -> {
                journal.outcome(entry, "answered by " + answered.by());
                yield answer(entry, answered);
            }
        };
    }

    private Response answer(Journal.Entry entry, Choice.Answered answered) {
        try {
            Response response = answered.reply().handler().handle(answered.request());
            return response != null ? response : failed(entry, answered, new IllegalStateException("it returned null"));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return failed(entry, answered, e);
        }
    }

    private Response failed(Journal.Entry entry, Choice.Answered answered, Throwable why) {
        StringWriter stack = new StringWriter();
        why.printStackTrace(new PrintWriter(stack, true));
        String text = "The handler of " + answered.by() + " failed for " + entry.request() + ":\n\n" + stack;
        if (!ended) {               // at the end handlers are interrupted, which is no fault of theirs
            journal.trouble(entry, "for which the handler of " + answered.by() + " failed: " + why, text);
        }
        return text(500, text);
    }

    private static Response text(int status, String text) {
        return Response.text(text).withStatus(status);
    }
}
