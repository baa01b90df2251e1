package dev.selvedge.server.engine;

import dev.selvedge.contract.TransportContract;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.memory.MemoryTransport;
import java.util.Map;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The simulated transport does what every transport must, so that what the simulation shows holds for others.
 *
 * <p>Left out are rules that need more of the world than it has: each with its reason in {@link #LEFT_OUT}.
 */
class SimTransportContractTest {

    private static final String THREADS = "its owners wait in real time, and its clients in that of the simulated world";
    private static final String TIME = "it measures real time";
    private static final String ADDRESSES = "addresses are only names in the simulated world";
    private static final String DESCRIPTORS = "there are no descriptors in the simulated world";

    /** Rules, or chapters of them, and why they are left out. */
    private static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry("OtherOwners", THREADS), // SimulationTest runs such owners all the time
            Map.entry("whatNobodyTakesDoesNotKeepThePollerBusy", TIME),
            Map.entry("onlySoMuchIsHeldForAPeerThatDoesNotRead", "only real systems hold octets"),
            Map.entry("aTimeoutIsWaitedFor", TIME),
            Map.entry("wakeUpsAreCoalesced", TIME),
            Map.entry("ipv6IsListenedTo", ADDRESSES),
            Map.entry("theWildcardTakesBothFamilies", ADDRESSES),
            Map.entry("anAddressOfAnotherMachineIsSaid", ADDRESSES),
            Map.entry("aNameWithoutAnAddressIsRefused", ADDRESSES),
            Map.entry("noDescriptorLeftIsTold", DESCRIPTORS),
            Map.entry("noDescriptorIsLeaked", DESCRIPTORS),
            Map.entry("theNextPollLetsClosedDescriptorsGo", DESCRIPTORS));

    @RegisterExtension
    static final ExecutionCondition CONDITION = SimTransportContractTest::condition;

    private static ConditionEvaluationResult condition(ExtensionContext context) {
        String name = context.getTestMethod().map(method -> method.getName())
                .orElseGet(() -> context.getTestClass().map(Class::getSimpleName).orElse(""));
        String reason = LEFT_OUT.get(name);
        return reason == null ? ConditionEvaluationResult.enabled("a rule")
                : ConditionEvaluationResult.disabled("left out: " + reason);
    }

    /** It tells edges as epoll does. */
    @Nested
    class TellingAllThatHolds extends TransportContract {

        @RegisterExtension
        static final SimStage STAGE = new SimStage(MemoryTransport.Edges.ALL_THAT_HOLDS);

        @Override
        protected Transport open() {
            return STAGE.transport();
        }

        @Override
        protected SocketFactory sockets() {
            return STAGE.sockets();
        }
    }

    /** It tells edges as the java.nio transport does. */
    @Nested
    class TellingWhatIsNew extends TransportContract {

        @RegisterExtension
        static final SimStage STAGE = new SimStage(MemoryTransport.Edges.ONLY_NEW);

        @Override
        protected Transport open() {
            return STAGE.transport();
        }

        @Override
        protected SocketFactory sockets() {
            return STAGE.sockets();
        }
    }
}
