package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.selvedge.server.http1.ResponseEncoder.Delimiting;
import dev.selvedge.server.http1.ResponseEncoder.Persistence;
import java.util.EnumMap;
import java.util.Map;

/** The one place that turns a {@link Refusal} into a response. */
public final class RefusalAnswer {

    private static final Map<Refusal, Answer> ANSWERS = new EnumMap<>(Refusal.class);

    static {
        for (Refusal refusal : Refusal.values()) {
            ANSWERS.put(refusal, make(refusal));
        }
    }

    private RefusalAnswer() { }

    /**
     * Returns the response that tells the client why.
     *
     * @param refusal the reason
     * @return the same answer each time
     */
    public static Answer of(Refusal refusal) {
        return ANSWERS.get(refusal);
    }

    /** Writes the response behind others, as the last one of its connection; to HEAD without its content. */
    static void writeTo(Output out, Refusal refusal, boolean headOnly, ServerFields standing) {
        Answer answer = of(refusal);
        ResponseEncoder.head(out, answer, Delimiting.LENGTH, Persistence.CLOSE, standing, 0);
        if (!headOnly && answer.content() instanceof Content.Octets(byte[] octets)) {
            out.put(octets, 0, octets.length);
        }
    }

    private static Answer make(Refusal refusal) {
        FieldSection.Builder fields = FieldSection.builder().add("Content-Type", "text/plain; charset=utf-8");
        if (refusal.status() == 503) {
            fields.add("Retry-After", "1");
        }
        String text = refusal.status() + " " + StatusLine.reason(refusal.status()) + ": " + refusal.reason() + "\n";
        return new Answer(refusal.status(), fields.build(), new Content.Octets(text.getBytes(US_ASCII)));
    }
}
