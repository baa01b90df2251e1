package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Refused;
import java.util.Arrays;
import java.util.List;

/** What the application was told about refused requests of one client, and whether that is right. */
final class SimRefusals {

    private Refused refused;
    private int index;

    /**
     * The application is told of a refusal.
     *
     * @param at the place of the request
     * @param sentOfIt what the client had sent by then, from that request on
     * @return what is wrong about it, or null
     */
    String told(Refused request, int at, byte[] sentOfIt) {
        if (refused != null) {
            return "a second refusal is told";
        }
        refused = request;
        index = at;
        boolean emptyLine = sentOfIt.length > 1 && sentOfIt[0] == '\r';
        byte[] first = request.firstOctets();
        return begins(sentOfIt, 0, first) || emptyLine && begins(sentOfIt, 2, first) ? null
                : "refused are other octets than were sent";
    }

    private static boolean begins(byte[] octets, int from, byte[] first) {
        int to = from + first.length;
        return to <= octets.length && Arrays.equals(octets, from, to, first, 0, first.length);
    }

    /**
     * At the end: was each refusal that the client has read told, and each that was told sent?
     *
     * @param replies what the client has read
     * @param readAll whether that is all that the server has sent
     * @param killed whether the server had no time left to tell
     * @return what is wrong, or null
     */
    String judge(List<SimReply> replies, boolean readAll, boolean killed) {
        for (int i = 0; i < replies.size(); i++) {
            SimReply reply = replies.get(i);
            boolean told = refused != null && index == i && refused.refusal().status() == reply.status();
            if (reply.refuses() && !told && !killed) {
                return "a refusal was not told: " + reply;
            }
        }
        boolean sent = refused == null || index < replies.size() && replies.get(index).refuses();
        return readAll && !killed && !sent ? "a refusal was told, but not sent: " + refused.refusal() : null;
    }
}
