import Model
import Testing

@Suite("The filter language")
struct FilterParserTests {
    static let meanings: [(String, Filter)] = [
        ("", .all),
        ("   ", .all),
        ("*", .all),
        ("state:failed", .states([.failed])),
        ("STATE:Failed,aborted", .states([.failed, .aborted])),
        ("state:\"Child Queued\"", .states([.childQueued])),
        ("state:child*", .states([.childQueued, .childRunning])),
        ("kind:vm.*", .field(.kind, pattern: "vm.*")),
        ("kind:a,b", .or([.field(.kind, pattern: "a"), .field(.kind, pattern: "b")])),
        ("target:vm/web-1", .field(.target, pattern: "vm/web-1")),
        ("user=alice", .field(.user, pattern: "alice")),
        ("account:\"two words\"", .field(.account, pattern: "two words")),
        ("host:kvm-a01", .field(.lane, pattern: "host/kvm-a01")),
        ("lane:control", .field(.lane, pattern: "control")),
        ("cause:stopped*", .field(.cause, pattern: "stopped*")),
        ("rollback:dirty", .field(.rollback, pattern: "dirty")),
        ("backend:unknown", .field(.backend, pattern: "unknown")),
        ("waiting:lock", .field(.waiting, pattern: "lock")),
        ("waiting:\"\"", .field(.waiting, pattern: "")),
        ("id:5948", .number(.id, .equal, 5948)),
        ("id:job-5948", .number(.id, .equal, 5948)),
        ("job-5948", .number(.id, .equal, 5948)),
        ("parent:12", .number(.parent, .equal, 12)),
        ("root=12", .number(.root, .equal, 12)),
        ("priority>5", .number(.priority, .greater, 5)),
        ("priority:-5", .number(.priority, .equal, -5)),
        ("progress<50", .number(.progress, .less, 50)),
        ("attempt>=2", .number(.attempt, .greaterOrEqual, 2)),
        ("age>5m", .number(.age, .greater, 300_000)),
        ("duration<=1m30s", .number(.duration, .lessOrEqual, 90_000)),
        ("user!=bob", .not(.field(.user, pattern: "bob"))),
        ("-state:completed", .not(.states([.completed]))),
        ("!state:completed", .not(.states([.completed]))),
        ("not state:completed", .not(.states([.completed]))),
        ("a b c", .and([.word("a"), .word("b"), .word("c")])),
        ("a and b", .and([.word("a"), .word("b")])),
        ("a b or c", .or([.and([.word("a"), .word("b")]), .word("c")])),
        ("a|b || c", .or([.word("a"), .word("b"), .word("c")])),
        ("a (b or c)", .and([.word("a"), .or([.word("b"), .word("c")])])),
        ("-(a b)", .not(.and([.word("a"), .word("b")]))),
        ("--a", .not(.not(.word("a")))),
        ("\"a or b\"", .word("a or b")),
        ("\"say \\\"hi\\\" \\\\\"", .word("say \"hi\" \\")),
        ("\"or\"", .word("or")),
        ("\"job-12\"", .word("job-12")),
        ("web*", .word("web")),
        ("12:30", .word("12:30")),
        ("vm/web-1", .word("vm/web-1")),
        (JobTests.uuid, .field(.uuid, pattern: JobTests.uuid)),
    ]

    @Test("means what is meant", arguments: meanings)
    func meaning(text: String, filter: Filter) throws {
        #expect(try FilterParser.parse(text) == filter)
    }

    static let errors: [(String, Int, Bool, String)] = [
        ("state:", 6, true, "a value must follow, as in state:failed,aborted"),
        ("state:fai", 6, true, "there is no state “fai”; there are pending, queued, running"),
        ("state:nope", 6, false, "there is no state “nope”; there are pending"),
        ("state:fai a", 6, false, "there is no state “fai”"),
        ("state:failed,", 13, true, "a value must follow"),
        ("state:,failed", 6, false, "a value must follow"),
        ("stat:failed", 0, false, "there is no field “stat”; the nearest is state"),
        ("traget:x", 0, false, "there is no field “traget”; the nearest are target, age"),
        ("zzzzzz:x", 0, false, "there is no field “zzzzzz”; the fields are state, is, kind"),
        ("a age>5", 6, true, "“5” is no length of time; write one as 90s, 5m, 2h30m or 3d"),
        ("age>", 4, true, "a value must follow, as in age>5m"),
        ("age>five", 4, false, "“five” is no length of time"),
        ("priority>x", 9, false, "“x” is no whole number"),
        ("priority>1,2", 0, false, "one value only can follow “>”"),
        ("id:job-", 3, true, "“job-” is no job; write a number, as in id:5948"),
        ("id:web", 3, false, "“web” is no job"),
        ("kind>a", 0, false, "kind is no number: write a colon, as in kind:vm.*"),
        ("cause:time", 6, true, "there is no cause “time”; there are none, error, timeout"),
        ("is:stu", 3, true, "there is no group “stu”; there are active"),
        ("is:gone", 3, false, "there is no group “gone”"),
        ("\"abc", 0, true, "a second quotation mark is missing"),
        ("kind:\"abc", 5, true, "a second quotation mark is missing"),
        ("(a", 0, true, "a closing parenthesis is missing"),
        ("a)", 1, false, "this parenthesis closes nothing"),
        ("()", 1, false, "a term must stand before this"),
        ("a or", 4, true, "something to look for must follow here"),
        ("or a", 0, false, "a term must stand before this"),
        ("-", 1, true, "something to look for must follow here"),
        ("é stat:x", 2, false, "there is no field “stat”"),
    ]

    @Test(
        "says where it is wrong, what would be right, and whether it may go on",
        arguments: errors
    )
    func error(text: String, position: Int, isIncomplete: Bool, beginning: String) throws {
        let error = try #require(throws: FilterError.self) { try FilterParser.parse(text) }
        #expect(error.position == position)
        #expect(error.isIncomplete == isIncomplete)
        #expect(error.text.hasPrefix(beginning), "\(error.text)")
        #expect(error.description.hasSuffix("(at character \(position + 1))"))
    }

    @Test("lists every state when one is wrong")
    func listsStates() throws {
        let error = try #require(throws: FilterError.self) { try FilterParser.parse("state:x") }
        #expect(JobState.allCases.allSatisfy { error.text.contains($0.rawValue) })
    }

    @Test("has bounds that are said", arguments: ["(", "-", "not "])
    func nesting(opening: String) throws {
        let deep = String(repeating: opening, count: 40) + "a"
        let error = try #require(throws: FilterError.self) { try FilterParser.parse(deep) }
        #expect(error.text == "a filter may be nested 24 deep at most")
        let long = String(repeating: "a ", count: 2000)
        let tooLong = try #require(throws: FilterError.self) { try FilterParser.parse(long) }
        #expect(tooLong.text == "a filter may have at most 2000 characters")
    }

    @Test("never traps on noise", arguments: UInt64(0)..<200)
    func noise(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let pieces = [
            "state:", "-", "!", "(", ")", "\"", "\\", "|", ",", "*", ":", "age>", "5m", "é",
            "\u{301}",
            " ", "job-", "9999999999999999999", "id:", "is:", "or", "\u{0}", "<", "=", "a",
        ]
        for _ in 0..<50 {
            let count = Int.random(in: 0..<12, using: &numbers)
            let text = (0..<count).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
            if let filter = try? FilterParser.parse(text) {
                #expect((try? FilterParser.parse(filter.description)) == filter, "\(text)")
            }
        }
    }
}
