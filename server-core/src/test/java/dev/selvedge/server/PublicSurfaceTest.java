package dev.selvedge.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What users may rely on changes only when somebody means it to. */
class PublicSurfaceTest {

    private static final Path ACTUAL = Path.of("target", "public-surface.txt");

    @Test
    void thePublicSurfaceIsTheOneThatWasDecided() throws Exception {
        List<String> actual = new ArrayList<>();
        for (Class<?> type : publicTypes()) {
            actual.add(describe(type));
            actual.addAll(members(type));
        }
        Files.createDirectories(ACTUAL.getParent());
        Files.write(ACTUAL, actual, UTF_8);
        assertEquals(String.join("\n", expected()), String.join("\n", actual), "The public surface has changed. If that is"
                + " meant, say so in CHANGELOG.md and copy server-core/target/public-surface.txt to"
                + " server-core/src/test/resources/dev/selvedge/server/public-surface.txt.");
    }

    private static List<String> expected() throws IOException {
        try (InputStream in = PublicSurfaceTest.class.getResourceAsStream("public-surface.txt")) {
            return in == null ? List.of() : new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }

    private static List<Class<?>> publicTypes() throws Exception {
        Path classes = Path.of(HttpServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        ModuleDescriptor module;
        try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
            module = ModuleDescriptor.read(in);
        }
        List<Class<?>> types = new ArrayList<>();
        for (ModuleDescriptor.Exports exports : module.exports()) {
            assertTrue(!exports.isQualified(), exports.toString());
            try (Stream<Path> files = Files.list(classes.resolve(exports.source().replace('.', '/')))) {
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString().replaceFirst("\\.class$", "");
                    if (file.toString().endsWith(".class") && !name.equals("package-info")) {
                        types.add(Class.forName(exports.source() + "." + name, false, HttpServer.class.getClassLoader()));
                    }
                }
            }
        }
        types.removeIf(type -> !isVisible(type));
        types.sort((a, b) -> a.getName().compareTo(b.getName()));
        assertTrue(types.contains(HttpServer.class));
        return types;
    }

    private static boolean isVisible(Class<?> type) {
        int modifiers = type.getModifiers();
        boolean visible = Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
        return visible && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
    }

    private static String describe(Class<?> type) {
        String kind = type.isRecord() ? "record" : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        boolean sayFinal = Modifier.isFinal(type.getModifiers()) && kind.equals("class");
        String openness = type.isSealed() ? "sealed " : sayFinal ? "final " : "";
        Stream<Type> parents = Stream.concat(Stream.ofNullable(type.getGenericSuperclass()),
                Arrays.stream(type.getGenericInterfaces()));
        String inherits = parents.map(Type::getTypeName).map(PublicSurfaceTest::withoutPackages)
                .filter(name -> !name.equals("Object") && !name.equals("Record") && !name.startsWith("Enum<"))
                .collect(Collectors.joining(", "));
        return openness + kind + " " + type.getName().replace('$', '.') + (inherits.isEmpty() ? "" : ": " + inherits);
    }

    private static List<String> members(Class<?> type) {
        Stream<Member> members = Stream.of(type.getDeclaredFields(), type.getDeclaredConstructors(),
                type.getDeclaredMethods()).flatMap(Arrays::stream);
        return members.filter(member -> !member.isSynthetic())
                .filter(member -> (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0)
                .filter(member -> !List.of("toString", "equals", "hashCode").contains(member.getName()))
                .sorted(Comparator.comparing(Member::getName).thenComparing(PublicSurfaceTest::describe))
                .map(member -> "    " + describe(member)).toList();
    }

    private static String describe(Member member) {
        String signature = switch (member) {
            case Field field -> field.toGenericString();
            case Executable executable -> executable.toGenericString();
            default -> throw new AssertionError(member);
        };
        String declared = signature.replace(member.getDeclaringClass().getName() + "." + member.getName(),
                member.getName());
        return withoutPackages(declared).replaceAll("\\b(public|abstract|synchronized) ", "");
    }

    private static String withoutPackages(String name) {
        return name.replaceAll("\\b([a-z0-9]+\\.)+(?=[A-Z])", "").replace('$', '.').replace(",", ", ")
                .replace(",  ", ", ");
    }
}
