package dev.selvedge.server.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Rules of the house that only the sources can show, for the sources of all modules. */
class SourcesTest {

    private static final int METHOD_LINES_MAX = 60;
    private static final int FILE_LINES_MAX = 500;

    /** Files whose one idea needs more room, with the reason. */
    private static final List<String> LONGER = List.of();

    @Test
    void methodsFitOnAScreen() throws IOException {
        List<String> tooLong = new ArrayList<>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, UTF_8)) {
            var units = files.getJavaFileObjectsFromPaths(mainSources());
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, List.of(), null, units);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void nothing) {
                        LineMap lines = unit.getLineMap();
                        long length = lines.getLineNumber(positions.getEndPosition(unit, method))
                                - lines.getLineNumber(positions.getStartPosition(unit, method)) + 1;
                        if (length > METHOD_LINES_MAX) {
                            tooLong.add(Path.of(unit.getSourceFile().getName()).getFileName() + " "
                                    + method.getName() + ": " + length + " lines");
                        }
                        return super.visitMethod(method, nothing);
                    }
                }.scan(unit, null);
            }
        }
        assertEquals(List.of(), tooLong);
    }

    @Test
    void filesHoldOneIdea() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path source : mainSources()) {
            int lines = Files.readAllLines(source, UTF_8).size();
            if (lines > FILE_LINES_MAX && !LONGER.contains(source.getFileName().toString())) {
                tooLong.add(source.getFileName() + ": " + lines + " lines");
            }
        }
        assertEquals(List.of(), tooLong);
    }

    @Test
    void onlyTheKernelPackageKnowsForeignMemory() throws IOException {
        List<String> offenders = new ArrayList<>();
        int suppressions = 0;
        for (Path source : mainSources()) {
            String text = Files.readString(source, UTF_8);
            if (text.contains("java.lang.foreign") && !source.getParent().endsWith("kernel")) {
                offenders.add(source.toString());
            }
            suppressions += text.split("@SuppressWarnings\\(\"restricted\"\\)", -1).length - 1;
            assertFalse(text.contains("Linker.Option.critical("), source.toString());
        }
        assertEquals(List.of(), offenders);
        assertEquals(1, suppressions, "one place makes restricted calls");
    }

    private static List<Path> mainSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("server-core", "server-native-epoll", "server-examples")) {
            try (Stream<Path> all = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                all.filter(path -> path.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        assertFalse(sources.isEmpty());
        return sources;
    }
}
