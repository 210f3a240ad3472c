"""What any process of hotdash stands on."""
