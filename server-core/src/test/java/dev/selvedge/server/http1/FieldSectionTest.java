package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSectionTest {

    private static FieldSection received(String lines) {
        byte[] octets = Spelling.octets("GET / HTTP/1.0\r\n" + lines + "\r\n");
        RequestParser parser = new RequestParser(new HeadLimits(100, 1000, 100));
        assertEquals(octets.length, parser.parse(octets, 0, octets.length));
        return parser.head(octets, 0).fields();
    }

    private static List<String> lines(FieldSection section) {
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < section.size(); line++) {
            lines.add(section.name(line) + ": " + section.value(line));
        }
        return lines;
    }

    private static String wire(FieldSection section) {
        byte[] octets = new byte[section.wireLength() + 2];
        octets[0] = '<';
        int end = section.writeTo(octets, 1);
        assertEquals(octets.length - 1, end);
        octets[end] = '>';
        return Spelling.text(octets);
    }

    @Test
    void anEmptySectionHasNothing() {
        assertEquals(0, FieldSection.EMPTY.size());
        assertEquals("<>", wire(FieldSection.EMPTY));
        assertNull(FieldSection.EMPTY.first("A"));
        assertEquals(List.of(), FieldSection.EMPTY.all("A"));
        assertEquals(-1, FieldSection.EMPTY.indexOf("A", 0));
        assertSame(FieldSection.EMPTY, received(""));
    }

    @Test
    void oneLineIsASectionToo() {
        FieldSection section = FieldSection.of("Date", "x");

        assertEquals("<Date: x\r\n>", wire(section));
        assertTrue(section.hasDate());
        assertEquals("", FieldSection.of("A", "").value(0));
        assertThrows(IllegalArgumentException.class, () -> FieldSection.of("A", "b\n"));
        assertEquals("value of the field A",
                assertThrows(NullPointerException.class, () -> FieldSection.of("A", null)).getMessage());
    }

    /** What was built is not touched by what is added behind it, also if the builder's array was exactly full. */
    @Test
    void aBuilderGoesOnBehindWhatItHasBuilt() {
        for (int length = 0; length < 80; length++) {
            FieldSection.Builder builder = FieldSection.builder().add("A", "x".repeat(length));
            FieldSection first = builder.build();
            String before = wire(first);
            FieldSection second = builder.add("B", "y").set("A", "z").build();

            assertEquals(before, wire(first));
            assertEquals(List.of("A: z", "B: y"), lines(second));
        }
    }

    @Test
    void linesKeepTheirOrderAndSpelling() {
        FieldSection section = FieldSection.builder().add("b-B", "1").add("A", "").add("B-b", "2\t3").build();

        assertEquals(List.of("b-B: 1", "A: ", "B-b: 2\t3"), lines(section));
        assertEquals("<b-B: 1\r\nA: \r\nB-b: 2\t3\r\n>", wire(section));
    }

    @Test
    void namesAreFoundInAnyCase() {
        for (FieldSection section : List.of(received("X-a: 1\r\nY: 2\r\nx-A:3\r\nX-ab: 4\r\n"),
                FieldSection.builder().add("X-a", "1").add("Y", "2").add("x-A", "3").add("X-ab", "4").build())) {
            assertEquals("1", section.first("x-a"));
            assertEquals("2", section.first("y"));
            assertNull(section.first("X"));
            assertNull(section.first("X-"));
            assertNull(section.first(""));
            assertEquals(List.of("1", "3"), section.all("X-A"));
            assertEquals(List.of("4"), section.all("X-AB"));
            assertEquals(List.of(), section.all("Z"));
            assertEquals(0, section.indexOf("X-A", 0));
            assertEquals(2, section.indexOf("X-A", 1));
            assertEquals(-1, section.indexOf("X-A", 3));
            assertEquals(-1, section.indexOf("X-A", 4));
        }
    }

    @Test
    void onlyLettersAreComparedWithoutCase() {
        FieldSection section = FieldSection.builder().add("a^b", "1").add("a~b", "2").add("-", "3").build();

        assertEquals("1", section.first("A^B"));
        assertEquals("2", section.first("A~B"));
        assertNull(section.first("\r"));
        assertNull(section.first("\u0141^b"), "a character that is cut to A");
    }

    @Test
    void valuesAreOneCharacterForEachOctet() {
        String all = "\u0080\u00E4\u00FF";

        assertEquals(all, received("A: " + all + "\r\n").value(0));
        assertEquals(all, FieldSection.builder().add("A", all).build().value(0));
    }

    @Test
    void receivedLinesAreWrittenInTheUsualForm() {
        assertEquals("<A: 1\r\nb: \r\nC: x  y\r\n>", wire(received("A:1\r\nb:\t\r\nC: \t x  y \t\r\n")));
    }

    @Test
    void aLineBeyondTheEndIsAnError() {
        FieldSection section = FieldSection.builder().add("A", "1").build();

        assertThrows(IndexOutOfBoundsException.class, () -> section.name(1));
        assertThrows(IndexOutOfBoundsException.class, () -> section.value(-1));
    }

    @Test
    void setReplacesAllLinesAtThePlaceOfTheFirst() {
        FieldSection.Builder builder = FieldSection.builder()
                .add("A", "1").add("B", "2").add("C", "3").add("b", "4").add("BB", "5");

        assertEquals(List.of("A: 1", "b: x", "C: 3", "BB: 5"), lines(builder.set("b", "x").build()));
        assertEquals(List.of("A: 1", "b: x", "C: 3", "BB: 5", "D: y"), lines(builder.set("D", "y").build()));
        assertThrows(IllegalArgumentException.class, () -> builder.set("A", "\n"));
        assertEquals(List.of("A: 1", "b: x", "C: 3", "BB: 5", "D: y"), lines(builder.build()));
    }

    @Test
    void removeTakesAllLinesWithTheName() {
        FieldSection.Builder builder = FieldSection.builder().add("A", "1").add("B", "2").add("a", "3");

        assertEquals(List.of("A: 1", "B: 2", "a: 3"), lines(builder.remove("C").build()));
        assertEquals(List.of("B: 2"), lines(builder.remove("A").build()));
        assertEquals("<>", wire(builder.remove("b").build()));
    }

    @Test
    void linesOfOtherSectionsAreAdded() {
        FieldSection made = FieldSection.builder().add("M", "1").add("N", "").build();

        FieldSection both = FieldSection.builder().add("A", "0").addAll(received("R:2\r\nS: 3 \r\n")).addAll(made)
                .addAll(FieldSection.EMPTY).build();

        assertEquals(List.of("A: 0", "R: 2", "S: 3", "M: 1", "N: "), lines(both));
        assertEquals("<A: 0\r\nR: 2\r\nS: 3\r\nM: 1\r\nN: \r\n>", wire(both));
    }

    @Test
    void aBuilderDoesNotChangeWhatItBuilt() {
        FieldSection.Builder builder = FieldSection.builder().add("A", "1");
        FieldSection first = builder.build();
        FieldSection second = builder.add("B", "2").build();
        builder.remove("A");

        assertEquals(List.of("A: 1"), lines(first));
        assertEquals(List.of("A: 1", "B: 2"), lines(second));
        assertEquals(List.of("B: 2"), lines(builder.build()));
    }

    @Test
    void dateAndServerAreKnown() {
        assertFalse(FieldSection.EMPTY.hasDate());
        assertFalse(FieldSection.EMPTY.hasServer());
        FieldSection date = FieldSection.builder().add("dATE", "x").build();
        assertTrue(date.hasDate());
        assertFalse(date.hasServer());
        FieldSection server = FieldSection.builder().add("A", "b").add("server", "x").build();
        assertFalse(server.hasDate());
        assertTrue(server.hasServer());
        assertFalse(FieldSection.builder().addAll(date).remove("Date").build().hasDate());
        assertTrue(FieldSection.builder().addAll(server).build().hasServer());
    }

    @Test
    void manyLinesFit() {
        FieldSection.Builder builder = FieldSection.builder();
        StringBuilder wire = new StringBuilder("<");
        for (int line = 0; line < 500; line++) {
            builder.add("Name-" + line, "value " + line);
            wire.append("Name-").append(line).append(": value ").append(line).append("\r\n");
        }

        FieldSection section = builder.build();

        assertEquals(500, section.size());
        assertEquals("value 499", section.first("name-499"));
        assertEquals(wire + ">", wire(section));
    }

    @Test
    void moreThanTheLargestSectionIsRefused() {
        String value = "v".repeat(65_535 - 5);
        FieldSection.Builder builder = FieldSection.builder().add("A", value);
        FieldSection full = builder.build();

        assertEquals(65_535, full.wireLength());
        assertEquals(value, full.value(0));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> builder.add("B", "x".repeat(10)));
        assertEquals("the header fields would have 65550 bytes; all together may have at most 65535", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> FieldSection.builder().add("A", value + "v"));
        assertThrows(IllegalArgumentException.class, () -> FieldSection.builder().addAll(full).addAll(full));
        assertArrayEquals(Spelling.octets(wire(full)), Spelling.octets(wire(builder.build())));
    }

    @ParameterizedTest
    @ValueSource(chars = {'\0', '\r', '\n', ' ', '\t', '(', ')', '<', '>', '@', ',', ';', ':', '\\', '"', '/', '[', ']',
        '?', '=', '{', '}', 0x1F, 0x7F, 0x80, 0xFF, 0x161, 0xFF41})
    void aNameIsAToken(char character) {
        for (String name : List.of("" + character, "a" + character, character + "a")) {
            assertThrows(IllegalArgumentException.class, () -> FieldSection.builder().add(name, "x"));
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'\0', '\r', '\n', 0x01, 0x08, 0x0B, 0x0C, 0x1F, 0x7F, 0x100, 0x10A, 0x10D, 0x120, 0x2028,
        0x560A, 0xFFFF, 0xD83D})
    void aValueHasNoControlsAndNothingBeyondLatin1(char character) {
        for (String value : List.of("" + character, "a" + character, character + "a", "a" + character + "b")) {
            assertThrows(IllegalArgumentException.class, () -> FieldSection.builder().add("A", value));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", " a", "a ", "\ta", "a\t", " a "})
    void aValueHasNoWhiteSpaceAtItsEnds(String value) {
        assertThrows(IllegalArgumentException.class, () -> FieldSection.builder().add("A", value));
    }

    @Test
    void messagesNameFieldCharacterAndPosition() {
        assertMessage("the value of the field X-Name has U+000D CR at index 3, which no field value may have (RFC 9110"
                + " §5.5)", "X-Name", "abc\r\nEvil: 1");
        assertMessage("the value of the field X has U+20AC at index 0, which no field value may have (RFC 9110 §5.5)",
                "X", "\u20AC");
        assertMessage("the value of the field X has U+0020 SP at index 1; white space at its ends would be lost (RFC"
                + " 9110 §5.5)", "X", "a ");
        assertMessage("the field name \"Na?me\" has U+000A LF at index 2; a name has letters, digits and"
                + " !#$%&'*+-.^_`|~ only (RFC 9110 §5.1)", "Na\nme", "");
        assertMessage("the field name \"a:\" has U+003A : at index 1; a name has letters, digits and"
                + " !#$%&'*+-.^_`|~ only (RFC 9110 §5.1)", "a:", "");
        assertMessage("the field name is empty", "", "x");
    }

    private static void assertMessage(String message, String name, String value) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> FieldSection.builder().add(name, value));
        assertEquals(message, e.getMessage());
    }

    @Test
    void nullsAreNamed() {
        NullPointerException name =
                assertThrows(NullPointerException.class, () -> FieldSection.builder().add(null, "x"));
        assertEquals("name", name.getMessage());
        NullPointerException value =
                assertThrows(NullPointerException.class, () -> FieldSection.builder().add("A", null));
        assertEquals("value of the field A", value.getMessage());
    }

    @Test
    void aRefusedLineChangesNothing() {
        FieldSection.Builder builder = FieldSection.builder().add("A", "1");
        assertThrows(IllegalArgumentException.class, () -> builder.add("B", "2\n"));

        assertEquals(List.of("A: 1", "C: 3"), lines(builder.add("C", "3").build()));
    }
}
