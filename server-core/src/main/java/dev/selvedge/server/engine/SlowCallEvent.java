package dev.selvedge.server.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The JFR event of a call that holds up an event loop. */
@Name("dev.selvedge.SlowCall")
@Label("Slow Call on an Event Loop")
@Category("Selvedge")
@Description("A handler that promised not to block has kept an event loop busy for longer than the threshold")
@StackTrace(false)
final class SlowCallEvent extends Event {

    @Label("Event Loop")
    String loop;

    @Label("Stack of the Loop's Thread")
    String stack;

    /** Commits an event; only called where the module jdk.jfr is present. */
    static void report(String loop, String stack) {
        SlowCallEvent event = new SlowCallEvent();
        if (event.isEnabled()) {
            event.loop = loop;
            event.stack = stack;
            event.commit();
        }
    }
}
