import java.io.FileInputStream;
import java.io.InputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** For each file named: a line for each of its two promises, and one for each clause that it breaks. */
class Verdicts {
    private static final PDFAFlavour[] PROMISES = {PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1};

    public static void main(String[] files) throws Exception {
        Logger.getLogger("org.verapdf").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            for (PDFAFlavour promise : PROMISES) {
                say(file, promise);
            }
        }
    }

    private static void say(String file, PDFAFlavour promise) throws Exception {
        try (InputStream bytes = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(bytes, promise);
                PDFAValidator judge = Foundries.defaultInstance().createValidator(promise, false)) {
            ValidationResult found = judge.validate(parser);
            System.out.println("file\t" + file + "\t" + promise.getId() + "\t" + found.isCompliant());
            for (TestAssertion one : found.getTestAssertions()) {
                String rule = one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber();
                String where = one.getLocation() == null ? "" : one.getLocation().getContext();
                System.out.println("broken\t" + rule + "\t" + one.getMessage().replaceAll("\\s+", " ") + "\t" + where);
            }
        }
    }
}
