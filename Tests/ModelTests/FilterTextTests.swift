import Model
import Testing

@Suite("The text of a filter")
struct FilterTextTests {
    @Test("reads back as the same filter", arguments: UInt64(0)..<300)
    func roundTrip(seed: UInt64) throws {
        var source = FilterSource(numbers: SeededNumbers(seed: seed))
        for _ in 0..<10 {
            let filter = source.filter(depth: 4)
            let text = filter.description
            #expect(try FilterParser.parse(text) == filter, "\(text)")
        }
    }

    @Test(
        "is as short as a person would write it",
        arguments: [
            ("state:failed kind:vm.*", "state:failed kind:vm.*"),
            ("host:kvm-a01", "lane:host/kvm-a01"),
            ("(a b) or c", "a b or c"),
            ("a (b|c)", "a (b or c)"),
            ("NOT state:completed", "-state:completed"),
            ("age>90s", "age>1m30s"),
            ("job-12", "id:12"),
            ("id=12,13", "id:12 or id:13"),
            ("*", ""),
            ("-*", "-*"),
            ("\"two words\"", "\"two words\""),
        ]
    )
    func shortest(text: String, shown: String) throws {
        #expect(try FilterParser.parse(text).description == shown)
    }

    @Test("keeps the meaning of filters that nobody would write")
    func strange() {
        #expect(Filter.and([]).description == "*")
        #expect(Filter.or([]).description == "-*")
        #expect(Filter.states([]).description == "-*")
        #expect(Filter.and([.word("a")]).description == "a")
    }
}

/// Makes filters by chance, of every shape that the parser can give.
struct FilterSource {
    var numbers: SeededNumbers

    mutating func filter(depth: Int) -> Filter {
        switch Int.random(in: 0..<(depth > 0 ? 12 : 8), using: &numbers) {
        case 0: .states(states())
        case 1, 2:
            .field(pick([.kind, .target, .user, .account, .lane, .message]), pattern: text())
        case 3: choice()
        case 4: number()
        case 5: .all
        case 6, 7: .word(word())
        case 8: .not(filter(depth: depth - 1))
        case 9: .and(parts(depth))
        default: .or(parts(depth))
        }
    }

    private mutating func parts(_ depth: Int) -> [Filter] {
        (0..<Int.random(in: 2...4, using: &numbers)).map { _ in filter(depth: depth - 1) }
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: choices.indices, using: &numbers)]
    }

    private mutating func states() -> Set<JobState> {
        Set((0...Int.random(in: 0...3, using: &numbers)).map { _ in pick(JobState.allCases) })
    }

    private mutating func choice() -> Filter {
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: .field(.cause, pattern: pick(Cause.allCases).rawValue)
        case 1: .field(.rollback, pattern: pick(RollbackOutcome.allCases).rawValue)
        case 2: .field(.backend, pattern: pick(BackendStatus.allCases).rawValue)
        default: .field(.waiting, pattern: pick(Waiting.Reason.allCases).rawValue)
        }
    }

    private mutating func number() -> Filter {
        let value = pick([0, 1, 7, 999, 61_001, 90_000, 86_400_000 * 400, 3_600_500] as [Int64])
        return .number(pick(Filter.NumberField.allCases), pick(Filter.Comparison.allCases), value)
    }

    private mutating func text() -> String {
        pick([
            "vm.*", "web-1", "", "a b", "*x*", "a,b", "\"q\"", "a\\b", "(x)", "é", "\u{301}x",
            "a|b",
        ])
    }

    private mutating func word() -> String {
        pick([
            "web", "or", "AND", "not", "-x", "!x", "job-12", "a b", "kind:x", "x*", "12", "(", "\"",
            "\u{301}a", "a\u{301}", "\\", "é", "a|b", "vm/web-1", "x=1", JobTests.uuid, "日本", "\n",
        ])
    }
}
