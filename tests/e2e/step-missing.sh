# shellcheck shell=bash
# council: unnamed-council
# chain: shared
# A grant that waits for the signed acceptable use policy leads to the page that names the missing step.
scenario() {
    look gareth https://www.facebook.com/ExampleCouncil step
    expect_heading step 'You need to finish one step first'
    expect_seen step 'One step is not done yet: sign the email and internet policy.'
    expect_not_reached '[A-Z]+ www.facebook.com'
}
