import Model
import Testing

@Suite("The fields of the filter language")
struct FilterFieldsTests {
    @Test("have examples that can be read", arguments: FilterFields.all)
    func examples(field: FilterField) throws {
        #expect(field.example.hasPrefix(field.name))
        #expect(try FilterParser.parse(field.example) != .all)
        #expect(!field.help.isEmpty)
    }

    @Test("have values that can be read", arguments: FilterFields.all)
    func values(field: FilterField) throws {
        for value in field.values {
            #expect(try FilterParser.parse("\(field.name):\(value)") != .all)
        }
    }

    @Test("are named once, and cover everything that can be asked")
    func coverAll() {
        let names = FilterFields.all.map(\.name)
        #expect(Set(names).count == names.count)
        let asked =
            Filter.Field.allCases.map(\.rawValue) + Filter.NumberField.allCases.map(\.rawValue)
        #expect(Set(asked).isSubset(of: names))
    }

    @Test("have a line of help for each group", arguments: FilterWord.allCases)
    func groups(word: FilterWord) throws {
        #expect(!word.help.isEmpty)
        #expect(try FilterParser.parse("is:\(word.rawValue)") == word.filter)
    }

    @Test(
        "complete the last term",
        arguments: [
            ("sta", ["state:"]), ("a pr", ["priority:", "progress:"]), ("-sta", ["-state:"]),
            ("state:fa", ["state:failed"]), ("(state:", nil),
            ("state:failed,abo", ["state:failed,aborted"]),
            ("rollback:D", ["rollback:dirty"]), ("kind:vm", []), ("", []), ("a ", []), ("nope", []),
        ] as [(String, [String]?)]
    )
    func completions(text: String, expected: [String]?) {
        let all = JobState.allCases.map { "state:" + $0.rawValue }
        #expect(FilterFields.completions(of: text) == expected ?? all)
    }
}
