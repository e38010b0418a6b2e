import Terminal

/// One line that is being typed.
struct LineEditor: Hashable, Sendable {
    private(set) var text: String
    /// Where the next character goes, counted in characters.
    private(set) var cursor: Int

    /// More is not taken.
    static let longest = 500

    init(_ text: String = "") {
        self.text = String(text.prefix(Self.longest))
        cursor = self.text.count
    }

    /// Inserts a text; line ends become blanks.
    mutating func insert(_ more: String) {
        let clean = more.map { $0.isNewline || $0 == "\t" ? " " : $0 }
        let room = max(0, Self.longest - text.count)
        let part = String(clean.prefix(room))
        text.insert(contentsOf: part, at: index(cursor))
        // Marks may have joined the character before them, so the length tells where we are.
        cursor = min(cursor + part.count, text.count)
    }

    mutating func replace(with text: String) { self = LineEditor(text) }

    /// Does what a key means in a line.
    ///
    /// - Returns: False for a key that means nothing here.
    mutating func take(_ command: Command, key: Key) -> Bool {
        switch command {
        case .eraseBack: remove(cursor - 1)
        case .eraseForward: remove(cursor)
        case .eraseWord: eraseWord()
        case .eraseLine: replace(with: "")
        case .cursorLeft: cursor = max(0, cursor - 1)
        case .cursorRight: cursor = min(text.count, cursor + 1)
        case .cursorHome: cursor = 0
        case .cursorEnd: cursor = text.count
        default: return false
        }
        return true
    }

    /// The text before the cursor.
    var head: String { String(text.prefix(cursor)) }

    private mutating func remove(_ place: Int) {
        guard place >= 0, place < text.count else { return }
        text.remove(at: index(place))
        cursor = min(place, text.count)
    }

    private mutating func eraseWord() {
        var start = cursor
        let characters = Array(text)
        while start > 0, characters[start - 1] == " " { start -= 1 }
        while start > 0, characters[start - 1] != " " { start -= 1 }
        text = String(characters[..<start]) + String(characters[cursor...])
        cursor = start
    }

    private func index(_ place: Int) -> String.Index {
        text.index(text.startIndex, offsetBy: min(max(place, 0), text.count))
    }
}

/// Lines typed before, newest last.
struct LineHistory: Hashable, Sendable {
    private var lines: [String] = []
    /// How far back the operator went; 0 is the line being typed.
    private var back = 0
    private var draft = ""

    /// Older lines are forgotten.
    static let longest = 50

    mutating func add(_ line: String) {
        back = 0
        guard !line.isEmpty else { return }
        lines.removeAll { $0 == line }
        lines.append(line)
        if lines.count > Self.longest { lines.removeFirst() }
    }

    /// The line before (`step` 1) or after (−1) the one shown; nil at either end.
    mutating func line(_ step: Int, from current: String) -> String? {
        if back == 0 { draft = current }
        let wanted = back + step
        guard wanted >= 0, wanted <= lines.count else { return nil }
        back = wanted
        return back == 0 ? draft : lines[lines.count - back]
    }

    /// Begins anew at the line being typed.
    mutating func rewind() { back = 0 }
}
