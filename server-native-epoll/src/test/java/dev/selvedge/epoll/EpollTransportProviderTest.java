package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpollTransportProviderTest {

    private final EpollTransportProvider provider = new EpollTransportProvider();

    @Test
    void itIsPreferredToThePortableTransport() {
        assertEquals("epoll", provider.name());
        assertTrue(provider.preference() > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, ",
        "Linux, aarch64, ",
        "Linux, riscv64, 'it knows the processors amd64 and aarch64, and this is riscv64'",
        "Mac OS X, aarch64, 'epoll is Linux''s, and this is Mac OS X'",
        "Windows 11, amd64, 'epoll is Linux''s, and this is Windows 11'",
    })
    void theMachineMustBeLinuxOnAKnownProcessor(String osName, String osArch, String reason) {
        assertEquals(Optional.ofNullable(reason), EpollTransportProvider.unsuitable(osName, osArch));
    }

    @Test
    void theFlagToPassIsSpeltOut() {
        assertEquals("Java was not given native access; start it with --enable-native-access=ALL-UNNAMED"
                + " (on the module path: --enable-native-access=dev.selvedge.epoll)",
                EpollTransportProvider.missingAccess(false));
        assertEquals("Java was not given native access; start it with --enable-native-access=dev.selvedge.epoll"
                + " (on the class path: --enable-native-access=ALL-UNNAMED)",
                EpollTransportProvider.missingAccess(true));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void itServesHere() throws IOException {
        assertEquals(Optional.empty(), provider.unavailable());
        try (Transport transport = provider.open()) {
            assertEquals("epoll", transport.name());
        }
    }

    /** The service file is for the class path, the module declaration for the module path. */
    @Test
    void bothServiceDeclarationsNameIt() throws IOException {
        try (InputStream file = EpollTransportProvider.class.getResourceAsStream(
                "/META-INF/services/" + TransportProvider.class.getName())) {
            assertEquals(EpollTransportProvider.class.getName(),
                    new String(file.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
        Module module = EpollTransportProvider.class.getModule();
        if (module.isNamed()) {
            assertEquals(List.of(EpollTransportProvider.class.getName()), module.getDescriptor().provides().stream()
                    .filter(provides -> provides.service().equals(TransportProvider.class.getName()))
                    .findFirst().orElseThrow().providers());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutTheFlagItSaysSoAndJavaPrintsNothing() throws Exception {
        assertEquals(EpollTransportProvider.missingAccess(false) + System.lineSeparator(), ask());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--illegal-native-access=deny", "--illegal-native-access=allow"})
    @EnabledOnOs(OS.LINUX)
    void thePermissionForAllIsNotAskedFor(String flag) throws Exception {
        assertEquals(EpollTransportProvider.missingAccess(false) + System.lineSeparator(), ask(flag));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withTheFlagItServesAndJavaPrintsNothing() throws Exception {
        assertEquals("available" + System.lineSeparator(),
                ask("--enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny"));
    }

    /** Runs {@link AskProvider} on the class path of a Java of its own, and returns all that it printed anywhere. */
    private static String ask(String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(flags));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, rootOf(TransportProvider.class),
                        rootOf(EpollTransportProvider.class), rootOf(AskProvider.class)),
                AskProvider.class.getName()));
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), printed);
        return printed;
    }

    /** The directory or jar from which a class came, also if it was patched into a module. */
    private static String rootOf(Class<?> type) throws Exception {
        String path = type.getName().replace('.', '/') + ".class";
        String url = type.getResource("/" + path).toString();
        String root = url.substring(0, url.length() - path.length());
        return Path.of(URI.create(root.startsWith("jar:") ? root.substring(4, root.length() - 2) : root)).toString();
    }
}
