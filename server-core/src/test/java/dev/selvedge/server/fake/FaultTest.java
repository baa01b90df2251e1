package dev.selvedge.server.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Response;
import dev.selvedge.server.fake.wire.End;
import dev.selvedge.server.fake.wire.ExchangePlan;
import dev.selvedge.server.fake.wire.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultTest {

    private static final Duration PAUSE = Duration.ofMillis(200);

    @Test
    void eachHasANameThatTellsItFromOthersAndASentence() {
        List<String> names = new ArrayList<>();
        List<String> purposes = new ArrayList<>();
        for (Fault fault : each()) {
            names.add(fault.name());
            purposes.add(fault.purpose());
        }
        for (ConnectionFault fault : eachOfConnections()) {
            names.add(fault.name());
            purposes.add(fault.purpose());
        }
        for (Malformed malformed : Malformed.values()) {
            names.add(malformed.name());
            purposes.add(malformed.purpose());
        }
        assertEquals(names.size(), Set.copyOf(names).size(), names.toString());
        assertTrue(purposes.stream().allMatch(each -> each.startsWith("Shows ") && each.endsWith(".")),
                purposes.toString());
        assertEquals("after 10 octets of the response, RESET", Fault.stopAfter(10, Ending.RESET).name());
        assertEquals("delay of 200 ms before the status line", Fault.delayBeforeStatus(PAUSE).name());
    }

    @Test
    void thereIsAPlanForEachKind() {
        assertEquals(each().size(), Fault.class.getPermittedSubclasses().length);
        assertEquals(eachOfConnections().size(), ConnectionFault.class.getPermittedSubclasses().length);
        Set<Object> plans = new HashSet<>();
        for (Fault fault : each()) {
            assertTrue(plans.add(FaultPlan.of(List.of(fault), null, 0)), fault.name());
        }
        for (ConnectionFault fault : eachOfConnections()) {
            assertTrue(plans.add(FaultPlan.ofConnection(List.of(fault), 0)), fault.name());
        }
    }

    @Test
    void misuseIsToldAtOnce() {
        assertEquals("the number of octets is -1; it must be at least 0",
                misuse(() -> Fault.stopAfter(-1, Ending.FIN)));
        misuse(() -> Fault.stopRequestAfter(-1, Ending.FIN));
        misuse(() -> ConnectionFault.stopReceivingAfter(-1, Ending.FIN));
        misuse(() -> ConnectionFault.stopSendingAfter(-1, Ending.FIN));
        assertEquals("the rate is 0 octets per second; it must be at least 1: to send or take nothing at all, stop with"
                + " Ending.SILENCE", misuse(() -> Fault.throttleResponse(0)));
        misuse(() -> Fault.throttleRequest(-5));
        misuse(() -> ConnectionFault.throttleReceiving(0));
        misuse(() -> ConnectionFault.throttleSending(0));
        misuse(() -> Fault.delayBeforeStatus(Duration.ofMillis(-1)));
        misuse(() -> Fault.delayBeforeBody(Duration.ofMillis(-1)));
        misuse(() -> Fault.delayBetweenChunks(Duration.ofMillis(-1)));
        misuse(() -> Fault.closeIdleAfter(Duration.ofMillis(-1)));
        misuse(() -> ConnectionFault.delayAccept(Duration.ofMillis(-1)));
        assertThrows(NullPointerException.class, () -> Fault.stopAfter(1, null));
        assertThrows(NullPointerException.class, () -> Fault.delayBeforeStatus((Pause) null));
    }

    @Test
    void twoOfAKindContradictEachOther() {
        List<Fault> faults = FaultPlan.added(List.of(Fault.delayBeforeStatus(PAUSE)),
                Fault.stopAfter(10, Ending.FIN));
        assertEquals(2, faults.size());
        String message = misuse(() -> FaultPlan.added(faults, Fault.stopAfter(20, Ending.RESET)));
        assertTrue(message.startsWith("there is a fault of this kind already"), message);
    }

    private static List<Fault> each() {
        return List.of(Fault.delayBeforeStatus(PAUSE), Fault.delayBeforeBody(PAUSE), Fault.delayBetweenChunks(PAUSE),
                Fault.throttleResponse(100), Fault.throttleRequest(100), Fault.stopAfter(10, Ending.RESET),
                Fault.stopRequestAfter(10, Ending.SILENCE), Fault.withoutContinue(), Fault.closeIdleAfter(PAUSE));
    }

    private static List<ConnectionFault> eachOfConnections() {
        return List.of(ConnectionFault.delayAccept(PAUSE), ConnectionFault.throttleReceiving(100),
                ConnectionFault.throttleSending(100), ConnectionFault.stopReceivingAfter(0, Ending.RESET),
                ConnectionFault.stopSendingAfter(10, Ending.FIN));
    }

    private static String misuse(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }

    @Test
    void theFaultOfAReplyGoesBeforeThatOfEveryExchange() {
        Reply reply = Reply.of(Response.text("hello")).with(Fault.stopAfter(5, Ending.FIN));
        List<Fault> others = List.of(Fault.stopAfter(9, Ending.RESET), Fault.throttleResponse(7));
        Disturbance every = new Disturbance(others, null, 1);

        ExchangePlan plan = reply.plan(every, 0);

        assertEquals(new Stop(5, End.FIN), plan.stopResponse());
        assertEquals(7, plan.responseRate(), "a fault of another kind comes to it");
    }
}
