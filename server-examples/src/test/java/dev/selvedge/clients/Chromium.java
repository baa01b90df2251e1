package dev.selvedge.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** A browser without a window and with one page, told what to do by its DevTools protocol. */
public final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final long PATIENCE_SECONDS = 30;
    private static final String LISTENING = "DevTools listening on ";

    /**
     * A response that the page got.
     *
     * @param url of what
     * @param type of the resource, such as {@code Document}
     * @param status the status that the page sees: 200 also for what was not modified
     * @param cached whether it came out of the browser's cache without a request
     * @param headers names in lower case
     */
    public record Got(URI url, String type, int status, boolean cached, Map<String, String> headers) {

        /** Returns a header's value, or an empty text. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final List<JsonNode> events = new ArrayList<>();
    private String session;

    private Chromium(Process process, URI devTools) {
        this.process = process;
        this.socket = client.newWebSocketBuilder().buildAsync(devTools, new Messages()).join();
    }

    /**
     * Starts a browser with an empty profile. Without one here, the test is skipped.
     *
     * @param profile a directory for it
     */
    public static Chromium start(Path profile) throws IOException {
        Optional<Path> program = Program.find("chromium", "chromium-browser", "google-chrome");
        assumeTrue(program.isPresent(), "there is no Chromium here");
        Path temporary = Files.createDirectory(profile.resolve("tmp"));
        ProcessBuilder command = new ProcessBuilder(program.get().toString(), "--headless=new",
                "--remote-debugging-port=0", "--user-data-dir=" + profile, "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", "--mute-audio", "--no-first-run", "--no-proxy-server",
                "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-extensions", "--autoplay-policy=no-user-gesture-required", "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        command.environment().put("TMPDIR", temporary.toString());
        Process process = command.start();
        Chromium browser = new Chromium(process, devTools(process));
        browser.openPage();
        return browser;
    }

    /** Reads until it says where it listens; the rest is read away. */
    private static URI devTools(Process process) throws IOException {
        BufferedReader errors = process.errorReader();
        StringBuilder all = new StringBuilder();
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread.startVirtualThread(() -> errors.lines().forEach(ignored -> { }));
                return URI.create(line.substring(LISTENING.length()).strip());
            }
            all.append(line).append('\n');
        }
        throw new IOException("the browser does not start: " + all);
    }

    private void openPage() {
        String target = call("Target.createTarget", Map.of("url", "about:blank")).path("targetId").asString();
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId").asString();
        for (String domain : List.of("Page", "Network", "Runtime", "Log")) {
            call(domain + ".enable", Map.of());
        }
    }

    // ---- what it is told to do

    /** Opens an address, and returns when the page and all that belongs to it are loaded. */
    public void open(URI uri) {
        loading("Page.navigate", Map.of("url", uri.toString()));
    }

    /** Loads the page again, as the user's command does. */
    public void reload() {
        loading("Page.reload", Map.of());
    }

    private void loading(String method, Map<String, ?> parameters) {
        synchronized (events) {
            events.removeIf(event -> isNamed(event, "Page.loadEventFired"));
        }
        call(method, parameters);
        await(event -> isNamed(event, "Page.loadEventFired"));
    }

    /**
     * Evaluates an expression in the page, and waits if it is a promise.
     *
     * @return its value as text
     */
    public String evaluate(String expression) {
        JsonNode result = call("Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value").asString();
    }

    // ---- what it has seen

    /** Leaves the page, and forgets all responses and complaints so far. */
    public void leave() {
        open(URI.create("about:blank"));
        synchronized (events) {
            events.clear();
        }
    }

    /** Returns the responses that the page got, in order. */
    public List<Got> responses() {
        List<JsonNode> all = named("Network.responseReceived");
        List<String> fromMemory = named("Network.requestServedFromCache").stream()
                .map(event -> event.path("params").path("requestId").asString()).toList();
        List<Got> responses = new ArrayList<>();
        for (JsonNode event : all) {
            JsonNode response = event.path("params").path("response");
            boolean cached = response.path("fromDiskCache").asBoolean(false)
                    || fromMemory.contains(event.path("params").path("requestId").asString());
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            response.path("headers").forEachEntry((name, value) -> headers.put(name, value.asString()));
            responses.add(new Got(URI.create(response.path("url").asString()),
                    event.path("params").path("type").asString(), response.path("status").asInt(), cached, headers));
        }
        return responses;
    }

    /** Returns what it has complained about: errors in scripts, on the console, of the network and of security. */
    public List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        named("Runtime.exceptionThrown").forEach(event -> complaints.add(event.toString()));
        named("Network.loadingFailed").stream()
                .filter(event -> !event.path("params").path("canceled").asBoolean(false))     // by the page itself
                .forEach(event -> complaints.add(event.toString()));
        named("Log.entryAdded").forEach(event -> complaints.add(event.toString()));
        named("Runtime.consoleAPICalled").forEach(event -> complaints.add(event.toString()));
        return complaints;
    }

    private List<JsonNode> named(String method) {
        synchronized (events) {
            return events.stream().filter(event -> isNamed(event, method)).toList();
        }
    }

    private static boolean isNamed(JsonNode event, String method) {
        return event.path("method").asString("").equals(method);
    }

    // ---- the protocol

    private JsonNode call(String method, Map<String, ?> parameters) {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        calls.put(id, answer);
        Map<String, Object> message = new HashMap<>(Map.of("id", id, "method", method, "params", parameters));
        if (session != null) {
            message.put("sessionId", session);
        }
        socket.sendText(JSON.writeValueAsString(message), true).join();
        JsonNode result = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (result.has("error")) {
            throw new AssertionError(method + ": " + result.path("error"));
        }
        return result.path("result");
    }

    private void await(Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (events) {
            while (events.stream().noneMatch(wanted)) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new AssertionError("the browser does not say that it is done");
                }
                try {
                    events.wait(millis);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    /** Puts messages together: answers to calls, and events. */
    private final class Messages implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = JSON.readTree(text.toString());
                text.setLength(0);
                if (message.has("id")) {
                    calls.remove(message.path("id").asInt()).complete(message);
                } else {
                    synchronized (events) {
                        events.add(message);
                        events.notifyAll();
                    }
                }
            }
            from.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            calls.values().forEach(call -> call.completeExceptionally(error));
        }
    }

    /** Ends the browser with all its processes, so that its profile can be deleted. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        session = null;     // the next call is for the browser, not for its page
        try {
            call("Browser.close", Map.of());
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException | CompletionException e) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
        all.forEach(handle -> handle.onExit().join());
        client.shutdownNow();
    }
}
