import GRDB
import GRDBSQLite
import Model

/// One prepared statement at work: values are bound, and columns read, one after the other.
///
/// GRDB prepares and keeps the statements; binding and stepping go straight to SQLite, because at
/// some hundred thousand rows a second the boxes in between are what costs most.
struct Query {
    private let handle: OpaquePointer
    private let shelf: TextShelf
    private var parameter: Int32 = 0
    private var column: Int32 = 0
    private var failure: Int32 = SQLITE_OK
    /// The first thing in the present row that has no meaning here.
    private var damage: String?

    /// A statement whose texts lie on a shelf that no other one uses meanwhile.
    init(_ handle: OpaquePointer, _ shelf: TextShelf) {
        self.handle = handle
        self.shelf = shelf
    }

    // MARK: Binding

    mutating func bind(_ value: Int64) {
        parameter += 1
        note(sqlite3_bind_int64(handle, parameter, value))
    }

    mutating func bind(_ value: Int64?) {
        guard let value else { return bindNull() }
        bind(value)
    }

    mutating func bind(_ value: Int) { bind(Int64(value)) }
    mutating func bind(_ value: Int?) { bind(value.map(Int64.init)) }
    mutating func bind(_ value: Bool) { bind(value ? 1 : 0 as Int64) }
    mutating func bind(_ value: Timestamp) { bind(value.milliseconds) }
    mutating func bind(_ value: Timestamp?) { bind(value?.milliseconds) }
    mutating func bind(_ value: JobID) { bind(value.number) }
    mutating func bind(_ value: JobID?) { bind(value?.number) }

    mutating func bind(_ value: String) {
        parameter += 1
        var text = value
        let shelf = shelf
        let (start, count) = text.withUTF8 { (shelf.put($0), $0.count) }
        // Without a destructor SQLite takes the bytes to stay: until the reset they do.
        note(sqlite3_bind_text(handle, parameter, start, Int32(clamping: count), nil))
    }

    mutating func bind(_ value: String?) {
        guard let value else { return bindNull() }
        bind(value)
    }

    /// Binds text from outside, with what looks like a secret in it masked.
    mutating func bindMasked(_ value: String) { bind(SecretMask.masked(value)) }

    /// Leaves a parameter as ``init(_:)`` and ``reset()`` made it.
    mutating func bindNull() { parameter += 1 }

    private mutating func note(_ code: Int32) {
        if code != SQLITE_OK { failure = code }
    }

    // MARK: Stepping

    /// Goes to the next row, or does the work of a statement that has none.
    ///
    /// - Returns: whether there is a row to read.
    mutating func step() throws -> Bool {
        column = 0
        guard failure == SQLITE_OK else {
            throw DatabaseError(resultCode: .init(rawValue: failure))
        }
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
            throw DatabaseError(
                resultCode: .init(rawValue: sqlite3_extended_errcode(sqlite3_db_handle(handle))),
                message: message ?? "code \(code)"
            )
        }
    }

    /// Makes the statement ready for another set of values; all of them are NULL.
    mutating func reset() {
        sqlite3_reset(handle)
        // At once, because most columns of most rows are NULL.
        sqlite3_clear_bindings(handle)
        shelf.clear()
        parameter = 0
    }

    /// Runs the statement to its end and makes it ready again.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult mutating func run() throws -> Int {
        while try step() {}
        let changed = sqlite3_changes(sqlite3_db_handle(handle))
        reset()
        return Int(changed)
    }

    // MARK: Reading the columns of a row

    mutating func readInt64() -> Int64 {
        defer { column += 1 }
        return sqlite3_column_int64(handle, column)
    }

    mutating func readOptionalInt64() -> Int64? {
        guard sqlite3_column_type(handle, column) != SQLITE_NULL else {
            column += 1
            return nil
        }
        return readInt64()
    }

    mutating func readInt() -> Int { Int(readInt64()) }
    mutating func readOptionalInt() -> Int? { readOptionalInt64().map { Int($0) } }
    mutating func readBool() -> Bool { readInt64() != 0 }
    mutating func readTime() -> Timestamp { time(readInt64()) }
    mutating func readOptionalTime() -> Timestamp? {
        guard let milliseconds = readOptionalInt64() else { return nil }
        return time(milliseconds)
    }

    /// A moment, kept to a range in which sums and differences can be formed.
    private mutating func time(_ milliseconds: Int64) -> Timestamp {
        let limit: Int64 = 1 << 53
        if milliseconds > limit || milliseconds < -limit { note(damage: "a time out of range") }
        return Timestamp(milliseconds: min(limit, max(-limit, milliseconds)))
    }

    /// A number of things, such as attempts; one that cannot be is 0, and noted.
    mutating func readCount() -> Int {
        let value = readInt()
        if (0...1_000_000_000).contains(value) { return value }
        note(damage: "a count out of range")
        return 0
    }
    mutating func readJob() -> JobID { JobID(readInt64()) }
    mutating func readOptionalJob() -> JobID? { readOptionalInt64().map(JobID.init) }
    mutating func readText() -> String { readOptionalText() ?? "" }

    mutating func readOptionalText() -> String? {
        defer { column += 1 }
        guard let start = sqlite3_column_text(handle, column) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Reads a word of a vocabulary; NULL stands for `usual`, and so does, noted, any other text.
    mutating func readWord<Word: RawRepresentable<String>>(or usual: Word) -> Word {
        guard let text = readOptionalText() else { return usual }
        guard let word = Word(rawValue: text) else {
            note(damage: "“\(text.prefix(40))” is no \(Word.self)")
            return usual
        }
        return word
    }

    /// Reads names and values; what is something else is none, and noted.
    mutating func readParameters() -> [String: String] {
        let text = readOptionalText()
        guard let values = FlatJSON.decode(text) else {
            // Not what it says: there may be secrets in it.
            note(damage: "parameters or results that are not written as such")
            return [:]
        }
        return values
    }

    // MARK: Damage

    /// Notes that something of the present row has no meaning here.
    ///
    /// One row must not keep all others from being read: so what can be read is, and whoever asks
    /// decides about the rest.
    mutating func note(damage text: String) {
        if damage == nil { damage = text }
    }

    /// What of the present row has no meaning here; nil if all has.
    ///
    /// Forgets it.
    mutating func takeDamage() -> String? {
        defer { damage = nil }
        return damage
    }

    mutating func readState() throws -> JobState {
        let code = readInt()
        guard let state = JobState(code: code) else { throw Self.unknown("state \(code)") }
        return state
    }

    /// A value that this version has no word for.
    static func unknown(_ value: String) -> StoreError {
        StoreError(.damaged, action: "read the store", detail: "“\(value)” has no meaning here")
    }
}

extension Query {
    /// Binds a word of a vocabulary; `usual` becomes NULL, which takes no room.
    mutating func bind<Word: RawRepresentable<String> & Equatable>(_ word: Word, usual: Word) {
        if word == usual { bindNull() } else { bind(word.rawValue) }
    }
}
